import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import { leavesOf } from '../../../../src-shared/schema/diff.ts'

/** An option to be set in a copy of the config. */
export interface OptionChange {
  readonly path: string
  readonly from: unknown
  readonly value: unknown
}

/** Something that helps after a failure; the first of a list is the one to try first. */
export interface Step {
  readonly does: 'edit' | 'resume' | 'data' | 'engine' | 'settings'
  readonly label: string
  /** What it does, or when it helps. */
  readonly why: string
  readonly changes: readonly OptionChange[]
}

export type Cause = 'non-finite' | 'memory' | 'disk' | 'data' | 'killed' | 'config' | 'engine'

/** Factor that mends most runs that diverge without making them much slower. */
const SLOWER = 0.3

/** What kind of failure a run had. Early runs keep no code of their own for numbers that are not finite. */
export function causeOf({ problem, status }: Pick<RunSummary, 'problem' | 'status'>): Cause {
  const text = problem?.message ?? ''
  if (problem === null) return 'killed'
  if (problem.code === 'non-finite' || /\bnot finite\b|\bNaN\b/.test(text)) return 'non-finite'
  if (problem.code === 'out-of-memory') return 'memory'
  if (problem.code === 'disk-full') return 'disk'
  if (['data-missing', 'data-changed', 'file-missing', 'file-invalid'].includes(problem.code)) return 'data'
  if (problem.code === 'config-invalid') return 'config'
  return status === 'interrupted' || /was ended by SIG/.test(text) ? 'killed' : 'engine'
}

/** Whether the same settings would fail in the same way: then editing a copy comes before going on. */
export const needsEdit = (run: Pick<RunSummary, 'problem' | 'status'>): boolean =>
  ['non-finite', 'memory', 'config'].includes(causeOf(run))

/** Next steps after a failure, the most promising first; `config` is the run's own. */
export function nextSteps(run: Pick<RunSummary, 'problem' | 'status'>, config: unknown): readonly Step[] {
  const leaves = leavesOf(config ?? {})
  const edit = (label: string, why: string, changes: readonly OptionChange[] = []): Step => ({
    does: 'edit',
    label,
    why,
    changes,
  })
  const resume = (why: string): Step => ({ does: 'resume', label: 'Resume', why, changes: [] })
  switch (causeOf(run)) {
    case 'non-finite':
      return [
        ...slower(leaves).map((c) =>
          edit('Edit a copy with a lower learning rate', `${nameOf(c)}: ${c.from} becomes ${c.value}`, [c]),
        ),
        edit('Edit a copy', 'set other options yourself'),
        resume('with the same settings it most likely ends in the same way'),
      ]
    case 'memory': {
      const halved = halvedBatches(leaves)
      return [
        ...(halved.length === 0
          ? []
          : [
              edit(
                'Edit a copy with half the batch',
                halved.map((c) => `${nameOf(c)}: ${c.from} becomes ${c.value}`).join(', '),
                halved,
              ),
            ]),
        edit('Edit a copy', 'a smaller picture size or a narrower network needs less'),
        resume('helps when other programs held the memory and are closed now'),
      ]
    }
    case 'disk':
      return [
        resume('once there is room; earlier checkpoints are intact'),
        {
          does: 'settings',
          label: 'Storage settings',
          why: 'choose a folder on a larger disk',
          changes: [],
        },
      ]
    case 'data':
      return [
        { does: 'data', label: 'Look at the data', why: 'find what is missing or changed', changes: [] },
        resume('once the files are back as they were'),
        edit('Edit a copy', 'train on the data as they are now'),
      ]
    case 'config':
      return [edit('Edit a copy', 'mend the option that is named above')]
    case 'killed':
      return [
        resume('it goes on from its last checkpoint as if nothing had happened'),
        edit('Edit a copy', 'change something first'),
      ]
    case 'engine':
      return [
        resume('it goes on from its last checkpoint'),
        { does: 'engine', label: 'Check the engine', why: 'if it fails again', changes: [] },
        edit('Edit a copy', 'change something first'),
      ]
  }
}

const nameOf = ({ path }: OptionChange): string => path.split('.').at(-1) ?? path

function slower(leaves: ReadonlyMap<string, unknown>): OptionChange[] {
  const path = ['trainer.config.optimizer_options.lr', 'trainer.config.lr_init'].find(
    (p) => typeof leaves.get(p) === 'number',
  )
  if (path === undefined) return []
  const from = leaves.get(path) as number // looked at above
  return [{ path, from, value: Number((from * SLOWER).toPrecision(3)) }]
}

function halvedBatches(leaves: ReadonlyMap<string, unknown>): OptionChange[] {
  return [...leaves].flatMap(([path, from]) =>
    path.endsWith('.batch_size') && typeof from === 'number' && from > 1
      ? [{ path, from, value: Math.max(1, Math.floor(from / 2)) }]
      : [],
  )
}
