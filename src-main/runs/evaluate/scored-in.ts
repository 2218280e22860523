import { onNative, readingWaits } from '../../engine/tensor/base/native-ops.ts'
import { numbersHere } from '../../io/native/library/engine-environment.ts'
import type { TrainedRun } from './trained-run.ts'

type Precision = TrainedRun['rules']['precision']

/** In which number format networks are scored or asked, and what a person should know where that is not the one of their training. */
export interface ScoredIn {
  readonly precision: Precision
  readonly notes: readonly string[]
}

/** The format of the training where all share one and this process has it, else float32, which is the most precise. */
export function scoredIn(runs: readonly Pick<TrainedRun, 'rules'>[]): ScoredIn {
  const formats = [...new Set(runs.map(({ rules }) => rules.precision))]
  const [only = 'float32'] = formats
  if (formats.length > 1) return inFull(formats)
  const isHere = { float32: true, tf32: readingWaits() && numbersHere().tf32, bfloat16: onNative() }
  return isHere[only] ? { precision: only, notes: [] } : inFull(formats)
}

const inFull = (formats: readonly Precision[]): ScoredIn => ({
  precision: 'float32',
  notes: [`Trained in ${formats.join(' and ')}, computed here in float32.`],
})
