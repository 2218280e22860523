import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import { smallerBatches } from '../../../../src-shared/schema/smaller-batches.ts'
import { leavesOf } from '../../../../src-shared/schema/diff.ts'

/** An option to be set in a copy of the config. */
interface OptionChange {
  readonly path: string
  readonly from: number
  readonly value: number
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

const edit = (label: string, why: string, changes: readonly OptionChange[] = []): Step => ({
  does: 'edit',
  label,
  why,
  changes,
})
const resume = (why: string): Step => ({ does: 'resume', label: 'Resume', why, changes: [] })
const open = (does: 'data' | 'engine' | 'settings', label: string, why: string): Step => ({
  does,
  label,
  why,
  changes: [],
})

/** What helps, by cause, the most promising first; `leaves`: the options of the run's own config. */
const STEPS: Readonly<Record<Cause, (leaves: ReadonlyMap<string, unknown>) => readonly Step[]>> = {
  'non-finite': (leaves) => [
    ...slower(leaves).map((change) =>
      edit('Edit a copy with a lower learning rate', changeText(change), [change]),
    ),
    edit('Edit a copy', 'set other options yourself'),
    resume('with the same settings it most likely ends in the same way'),
  ],
  memory: (leaves) => [
    ...smallerBatches(leaves).map(({ label, changes }) =>
      edit(`Edit a copy: ${label.toLowerCase()}`, changes.map(changeText).join(', '), changes),
    ),
    edit('Edit a copy', 'a smaller image size or a narrower network needs less'),
    resume('helps when other programs held the memory and are closed now'),
  ],
  disk: () => [
    resume('once there is room; earlier checkpoints are intact'),
    open('settings', 'Storage settings', 'choose a folder on a larger disk'),
  ],
  data: () => [
    open('data', 'Look at the data', 'find what is missing or changed'),
    resume('once the files are back as they were'),
    edit('Edit a copy', 'train on the data as they are now'),
  ],
  config: () => [edit('Edit a copy', 'mend the option that is named above')],
  killed: () => [
    resume('it goes on from its last checkpoint as if nothing had happened'),
    edit('Edit a copy', 'change something first'),
  ],
  engine: () => [
    resume('it goes on from its last checkpoint'),
    open('engine', 'Check the engine', 'if it fails again'),
    edit('Edit a copy', 'change something first'),
  ],
}

/** Next steps after a failure, the most promising first; `config` is the run's own. */
export const nextSteps = (run: Pick<RunSummary, 'problem' | 'status'>, config: unknown): readonly Step[] =>
  STEPS[causeOf(run)](leavesOf(config ?? {}))

const changeText = ({ path, from, value }: OptionChange): string =>
  `${path.split('.').at(-1) ?? path}: ${from} becomes ${value}`

function slower(leaves: ReadonlyMap<string, unknown>): OptionChange[] {
  const path = ['trainer.config.optimizer_options.lr', 'trainer.config.lr_init'].find(
    (p) => typeof leaves.get(p) === 'number',
  )
  if (path === undefined) return []
  const from = leaves.get(path) as number // looked at above
  return [{ path, from, value: Number((from * SLOWER).toPrecision(3)) }]
}
