import type { Tensor2D } from '@tensorflow/tfjs-core'
import { add, div, log, maximum, softmax, tidy } from '@tensorflow/tfjs-core'
import type { Model } from '../types.ts'
import type { Network } from './network.ts'

/** Smallest float32 with full precision: the logarithm of a probability stays finite. */
const LEAST = 1.2e-38

/**
 * Several networks as one that answers with their mean: of class probabilities (given as their logarithms, so that softmax gives
 * the mean back), of predicted responses. All must see the inputs alike and have the same classes, sessions and units.
 */
export function ensembleOf(members: readonly Network[]): Network {
  const [first] = members
  if (first === undefined) throw new RangeError('an ensemble needs a member')
  if (members.length === 1) return first
  const apply: Model['apply'] = (_params, inputs, route, context) => {
    const isClassifying = route.task === 'img_classification'
    const output = tidy(() => {
      const outputs = members.map(({ model, params }) => {
        const { output: own } = model.apply(params, inputs, route, context)
        return isClassifying ? softmax(own) : own
      })
      const mean = div(
        outputs.reduce((sum, own) => add(sum, own)),
        members.length,
      )
      return (isClassifying ? log(maximum(mean, LEAST)) : mean) as Tensor2D // two axes, as its summands
    })
    return { output, representations: new Map() }
  }
  return { model: { ...first.model, apply }, params: first.params }
}
