import { metricParts } from '../../src-shared/contract/metric-keys.ts'
import type { RunSummary } from '../../src-shared/contract/run.ts'
import { LIVE } from '../../src-shared/contract/run.ts'

type Known = Pick<RunSummary, 'status' | 'scores' | 'latest'>
type Trained = 'pictures' | 'V1 responses' | 'V4 responses'

/** What a key of scores or curves is about. */
const SUBJECTS: Readonly<Record<string, Trained>> = {
  img_classification: 'pictures',
  v1: 'V1 responses',
  v4: 'V4 responses',
}

/** The subject of a score, also of one on other data ("later [1a2b]: FinalTest/v4/eval") or of a corruption; null where it has none. */
const subjectOf = (key: string): Trained | null => {
  const task = metricParts(key.split(': ').at(-1) ?? key)?.task
  return task === undefined ? null : (SUBJECTS[task] ?? null)
}

const subjects = new WeakMap<Known, ReadonlySet<Trained>>()

/** What a run was trained on. Tables ask for each empty cell, so answers are kept. */
function trainedOn(run: Known): ReadonlySet<Trained> {
  const known = subjects.get(run)
  if (known !== undefined) return known
  const found = new Set(
    [...Object.keys(run.scores), ...Object.keys(run.latest)].flatMap((k) => subjectOf(k) ?? []),
  )
  subjects.set(run, found)
  return found
}

/** Why none of the runs of a row has a score: a short sentence in place of a bare dash. Empty for no runs. */
export function missingReason(runs: readonly Known[], key: string): string {
  if (runs.length === 0) return ''
  if (runs.every((r) => r.status === 'failed')) return 'not evaluated: the run failed'
  const subject = subjectOf(key)
  const trained = new Set(runs.flatMap((r) => [...trainedOn(r)]))
  if (subject !== null && trained.size > 0 && !trained.has(subject)) return `not trained on ${subject}`
  if (runs.some((r) => LIVE.has(r.status) || Object.keys(r.scores).length === 0)) return 'not evaluated yet'
  if (runs.some((r) => r.scores[key] === null)) return 'measured, but not a finite number'
  return 'not measured: the data have no such split, or this score is newer than the run'
}
