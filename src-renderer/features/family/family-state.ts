import type { Answer } from '../../../src-shared/contract/answer.ts'
import type { FamilySummary } from '../../../src-shared/contract/calls/family.ts'
import { comparedRuns } from '../../../src-shared/contract/family-runs.ts'
import type { RunProgress, RunStatus, RunSummary } from '../../../src-shared/contract/run.ts'
import { OVER } from '../../../src-shared/contract/run.ts'
import { runFraction } from '../../format/progress.ts'

type Runs = ReadonlyMap<string, RunSummary>
type Setting = FamilySummary['settings'][number]

/** One run of a family as it stands now; `new` is not there yet. */
export interface FamilyRun {
  readonly seed: number
  readonly id: string | null
  readonly status: RunStatus | 'new'
  readonly run: RunSummary | null
}

export interface FamilySetting extends Omit<Setting, 'runs'> {
  readonly isBaseline: boolean
  readonly runs: readonly FamilyRun[]
}

/** The settings of a family with what the list of runs knows by now. */
export const settingsNow = (family: FamilySummary, byId: Runs): FamilySetting[] =>
  family.settings.map((setting) => ({
    ...setting,
    isBaseline: setting.label === family.baseline,
    runs: setting.runs.map(({ seed, id, status }) => {
      const run = id === null ? null : (byId.get(id) ?? null)
      return { seed, id, status: run?.status ?? status ?? 'new', run }
    }),
  }))

const runsOf = (settings: readonly FamilySetting[]): FamilyRun[] => settings.flatMap((s) => s.runs)

const isDone = ({ status }: FamilyRun): boolean => status === 'finished'
const isOver = ({ status }: FamilyRun): boolean => status !== 'new' && OVER.has(status)

/** Runs that ended without finishing: they need somebody. */
export const endedBadly = (settings: readonly FamilySetting[]): FamilyRun[] =>
  runsOf(settings).filter((r) => isOver(r) && !isDone(r))

/** Where Compare shows the family over seeds. */
export function compareAddressOf(
  settings: readonly FamilySetting[],
  baselineLabel: string | null,
): string | null {
  const compared = comparedRuns(settings, baselineLabel)
  if (compared === null) return null
  const { wish } = compared
  const baseline = wish.baseline === null ? '' : `&baseline=${wish.baseline}`
  return `/compare?runs=${wish.ids.join(',')}${baseline}&group=seeds`
}

/** Part of the work that is done, 0 to 1; null once nothing goes on. */
export function fractionDone(
  settings: readonly FamilySetting[],
  progress: ReadonlyMap<string, RunProgress>,
): number | null {
  const runs = runsOf(settings)
  const open = runs.filter((r) => r.status !== 'new' && !isOver(r))
  if (open.length === 0) return null
  const part = open.map(({ id }) => {
    const now = progress.get(id ?? '')
    return now === undefined ? 0 : runFraction(now)
  })
  return (runs.filter(isOver).length + part.reduce((a, b) => a + b, 0)) / runs.length
}

/**
 * Seconds until all waiting and working runs are done, one after another, by what finished ones took (of the same setting where there are any);
 * null while none has finished.
 */
export function secondsLeft(
  settings: readonly FamilySetting[],
  progress: ReadonlyMap<string, RunProgress>,
): number | null {
  const taken = (runs: readonly FamilyRun[]): number[] =>
    runs.filter(isDone).flatMap(({ run }) => (run === null ? [] : [run.seconds]))
  const meanOf = (values: readonly number[]): number | null =>
    values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length
  const usual = meanOf(taken(runsOf(settings)))
  if (usual === null) return null
  return settings
    .flatMap((s) => {
      const own = meanOf(taken(s.runs)) ?? usual
      return s.runs
        .filter((r) => r.status !== 'new' && !isOver(r))
        .map(({ id }) => progress.get(id ?? '')?.secondsLeft ?? own)
    })
    .reduce((a, b) => a + b, 0)
}

/** "7 of 12 runs finished, 1 running, 4 queued". */
export function countsText(settings: readonly FamilySetting[]): string {
  const runs = runsOf(settings)
  const counts = new Map<string, number>()
  for (const { status } of runs.filter((r) => !isDone(r))) counts.set(status, (counts.get(status) ?? 0) + 1)
  const rest = [...counts].map(([status, n]) => `${n} ${status === 'new' ? 'not queued' : status}`)
  return [`${runs.filter(isDone).length} of ${runs.length} runs finished`, ...rest].join(', ')
}

/**
 * Seeds beyond those of the family that would settle what is open, as far as that can be said; null where nothing is open, seeds will not
 * do, or enough are still to come.
 */
export function seedsAdvised(answers: readonly Answer[], settings: readonly FamilySetting[]): number | null {
  const lead = answers.filter((a) => a.key === answers[0]?.key)
  const toCome = new Set(runsOf(settings).flatMap((r) => (isOver(r) ? [] : [r.seed]))).size
  const more = Math.max(0, ...lead.map((a) => a.delta.outlook.more ?? 0)) - toCome
  return more > 0 ? more : null
}

/** Settings of which a run was at its best in the last of all its epochs: longer training may change their scores. */
export const maybeUnfinished = (settings: readonly FamilySetting[]): FamilySetting[] =>
  settings.filter((s) =>
    s.runs.some(
      ({ run }) =>
        run?.status === 'finished' &&
        run.end?.reason === 'all-epochs' &&
        run.end.scoredEpoch === run.end.epoch,
    ),
  )
