import type { Problem } from '../../../src-shared/contract/errors.ts'
import type { RunEnd } from '../../../src-shared/contract/run-end.ts'
import { divergenceText, scoreCautions } from '../../../src-shared/contract/run-end.ts'
import type { TrainEnd } from '../../engine/types.ts'

const REASONS = {
  rounds: 'early-stopping',
  epochs: 'all-epochs',
  'non-finite': 'not-finite',
  asked: 'asked-to-stop',
} as const

/** The end of a training as it is stored. */
export function endOf({ reason, scoredEpoch, divergence, untrained }: TrainEnd, epoch: number): RunEnd {
  return { reason: REASONS[reason], epoch, scoredEpoch, divergence, untrained: [...untrained] }
}

/** Why a run diverged and what can be done. */
export function divergedProblem(id: string, end: RunEnd): Problem {
  const evidence = end.divergence === null ? 'a number was no longer finite.' : divergenceText(end.divergence)
  const [caution = ''] = scoreCautions({ status: 'diverged', end: { ...end, untrained: [] } })
  const back = `\`cotrain show ${id.slice(0, 10)}\` lists the checkpoints before it`
  const hint = `Lower the learning rate or set grad_clip, and look for huge values in the responses; ${back}.`
  return { code: 'non-finite', message: `${evidence} ${caution}`.trim(), hint }
}
