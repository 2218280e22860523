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
