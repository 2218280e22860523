import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { add, exp, mul, neg, sum } from '@tensorflow/tfjs-core'
import type { ParamSpec, TaskName } from '../types.ts'

/** A loss with a weight that is learned with the model (Kendall et al. 2018); `logW` is [] or [1]. */
export type WeighedLoss = (output: Tensor2D, target: Tensor, logW: Tensor) => Scalar

/** Name of the learned weight of a task among the parameters. */
export const logWeightName = (task: TaskName): string => `${LOG_WEIGHT}${task}`
const LOG_WEIGHT = 'log_w.'
/** Whether a parameter is such a weight and none of the network. */
export const isLogWeight = (name: string): boolean => name.startsWith(LOG_WEIGHT)

/** The learned weights of the tasks: one scalar each, starting at 0, trained and decayed like every parameter. */
export function logWeightSpecs(tasks: readonly TaskName[]): readonly ParamSpec[] {
  return tasks.map((task) => ({
    name: logWeightName(task),
    shape: [1],
    init: { kind: 'constant', value: 0 },
    kind: 'parameter',
    role: 'loss-weight',
    block: 'loss',
    frozen: false,
    torch: { name: logWeightName(task), layout: { kind: 'same' } },
  }))
}

/** factor * exp(-s) * L + s / 2, with factor 1 for classification and 1/2 for responses. */
export function weigh(loss: Scalar, logW: Tensor, factor: number): Scalar {
  const s: Scalar = sum(logW)
  return add(mul(mul(exp(neg(s)), loss), factor), mul(s, 0.5))
}
