import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { mean, sum } from '@tensorflow/tfjs-core'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import { ownOptions, ownPart } from '../../../src-shared/schema/plugin/own-parts.ts'
import { PLUGIN_OPERATIONS } from '../tensor/index.ts'
import type { Loss, OwnCode } from '../types.ts'
import type { Reduction } from './present.ts'
import { presentOf, reducePresent } from './present.ts'

const losses = new Map<string, OwnCode>()

/** From now on this process can build the loss. */
export const useOwnLoss = (code: OwnCode): void => void losses.set(code.fn, code)

export const hasOwnLoss = (name: string): boolean => losses.has(name)

/**
 * The loss of a plug-in, which gives its terms: [batch, units] for responses (missing ones take no part, and are 0 where it sees
 * them), [batch] for labels. Mean or sum over them is taken here. @throws CotrainError naming the plug-in
 */
export function ownLoss(name: string, given: unknown, reduction: Reduction): Loss {
  const code = losses.get(name)
  const part = ownPart('loss', name)
  if (code === undefined || part === undefined) throw new RangeError(`no plug-in has the loss ${name}`)
  const { guard } = code
  const build = code.build as (o: PlainConfig, ops: typeof PLUGIN_OPERATIONS) => unknown
  const terms = guard(`building ${name}`, () => {
    const made = build(ownOptions(part, given), PLUGIN_OPERATIONS)
    if (typeof made !== 'function') throw new Error('it has to give a function of output and target')
    return made as (output: Tensor2D, target: Tensor) => Tensor
  })
  return (output, target): Scalar =>
    guard(`a step of ${name}`, () => {
      if (target.rank === 1) {
        const perImage = checked(terms(output, target), target.shape)
        return reduction === 'sum' ? sum(perImage) : mean(perImage)
      }
      const present = presentOf(target)
      return reducePresent(
        checked(terms(output, present.target), output.shape) as Tensor2D,
        present,
        reduction,
      )
    })
}

function checked(terms: Tensor, shape: readonly number[]): Tensor {
  if (terms?.shape?.join() === shape.join() && terms.dtype === 'float32') return terms
  const came = terms?.shape === undefined ? 'no tensor' : `${terms.dtype} [${terms.shape.join(', ')}]`
  throw new Error(`the loss has to give its terms, float32 [${shape.join(', ')}]; it gave ${came}`)
}
