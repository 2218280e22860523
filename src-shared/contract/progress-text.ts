import { wordOf } from '../schema/words.ts'
import type { RunProgress } from './run.ts'

const PHASES: Readonly<Record<RunProgress['phase'], string>> = {
  preparing: 'Preparing',
  training: 'Training',
  validating: 'Validating',
  evaluating: 'Evaluating',
  saving: 'Saving',
}

/** Where a working run stands, in every host: "Epoch 12 of 40, step 118 of 300", "Validating: classification validation". */
export function progressText(p: RunProgress): string {
  if (p.phase === 'training')
    return `Epoch ${p.epoch} of ${p.epochs}, step ${p.stepOfEpoch} of ${p.stepsPerEpoch}`
  const detail = p.detail === '' ? '' : `: ${p.detail.replaceAll(/\w+/g, wordOf)}`
  return `${PHASES[p.phase]}${detail}`
}

/** Where a process that is gone last was: "Last sign of life 0.4 s before its end: training, epoch 4 of 20, step 31 of 62." `endedAt`: Unix milliseconds; null where nobody saw the end. */
export function lastSignText(p: RunProgress, endedAt: number | null): string {
  const before =
    endedAt === null ? '' : ` ${(Math.max(0, endedAt - p.at) / 1000).toFixed(1)} s before its end`
  const at = progressText(p)
  const where = p.phase === 'training' ? `training, e${at.slice(1)}` : `${at[0]!.toLowerCase()}${at.slice(1)}`
  const epoch = p.phase === 'training' || p.epoch < 1 ? '' : `, epoch ${p.epoch} of ${p.epochs}`
  return `Last sign of life${before}: ${where}${epoch}.`
}
