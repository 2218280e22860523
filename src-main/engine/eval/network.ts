import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { tidy } from '@tensorflow/tfjs-core'
import { createRng } from '../../../src-shared/util/rng.ts'
import type { Replayer } from '../tensor/index.ts'
import { workOn } from '../tensor/index.ts'
import type { Batch, ForwardContext, Model, ParamMap, Route } from '../types.ts'

/** A model together with the values of its parameters: all that evaluation needs to know of training. */
export interface Network {
  readonly model: Model
  readonly params: ParamMap
  /** Answers later batches without the program of the model; absent: every batch is answered by it. */
  readonly replayer?: Replayer
  /** Changes classification images first; absent: they are seen as the loader gives them. */
  readonly view?: InputView
}

/** Another view of the n-th batch of a loader; a new tensor, or the inputs themselves. */
export type InputView = (inputs: Tensor4D, loader: string, batch: number) => Tensor4D

/** Nothing is sampled in evaluation, so the stream is never drawn from. */
const UNUSED_RNG = createRng(0)

export const EVALUATION: ForwardContext = { training: false, rng: UNUSED_RNG, frozenNorms: new Set() }

/** What a forward pass sees of a trial besides its image. */
export type TrialContext = Pick<ForwardContext, 'distribution' | 'behavior' | 'pupil'>

/** Behaviour and eye positions of a batch, where it has them. */
export const trialContext = ({ behavior, pupil }: Batch): TrialContext => ({
  ...(behavior && { behavior }),
  ...(pupil && { pupil }),
})

/** Output in evaluation mode: running statistics, no sampling. [batch, classes] or [batch, units] */
export function forward(
  { model, params, replayer }: Network,
  inputs: Tensor4D,
  route: Route,
  trials: TrialContext = {},
): Tensor2D {
  const answer = (): Tensor2D =>
    tidy(() => model.apply(params, inputs, route, { ...EVALUATION, ...trials }).output)
  if (replayer === undefined) return answer()
  const { distribution = false, behavior, pupil } = trials
  const { tensors } = replayer.run({
    name: `evaluation, ${Object.values(route).join(' ')}`,
    ...workOn(['evaluation', ...Object.values(route), distribution], [inputs, behavior, pupil], params),
    era: 0,
    rng: EVALUATION.rng,
    compute: () => ({ tensors: [answer()], beside: null }),
  })
  return tensors[0] as Tensor2D // the answer
}
