import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import {
  add,
  clone,
  concat,
  div,
  gather,
  mean,
  mul,
  reshape,
  slice,
  sqrt,
  square,
  squaredDifference,
  sub,
  sum,
  tensor1d,
} from '@tensorflow/tfjs-core'
import { readValues } from '../../tensor/index.ts'
import type { DataSet, ParamMap } from '../../types.ts'
import { representationOf } from './representation.ts'
import type { Hook, InputNotes, Seen } from './hook.ts'
import type { LayerWeighing } from './layer-weights.ts'
import { combined, layerWeights } from './layer-weights.ts'
import { addNoise } from './noise-augmentation.ts'
import type { NoiseLevels } from './noise-levels.ts'
import { levelsOfBatch } from './noise-levels.ts'

export interface RepresentationMatchingOptions {
  readonly representations: readonly string[]
  readonly criterion: 'cosine' | 'mse'
  readonly lambda: number
  readonly combine_losses: LayerWeighing
  readonly second_noise_std: NoiseLevels
  readonly only_for_clean: boolean
}

/** Keeps the cosine of a silent representation finite; torch's cosine_embedding uses the same size of guard. */
const SMALLEST_NORM = 1e-12

/** One row an image. [rows, features] */
const flat = (representation: Tensor): Tensor =>
  reshape(representation, [representation.shape[0], representation.size / representation.shape[0]])

/** First and second views of the paired examples. Both [pairs, features] */
function viewsOf(
  representation: Tensor,
  examples: number,
  pairs: Int32Array | undefined,
): readonly [Tensor, Tensor] {
  const all = flat(representation)
  const count = all.shape[0] - examples
  const second = slice(all, [examples, 0], [count, -1])
  const first = slice(all, [0, 0], [examples, -1])
  return [pairs === undefined || count === examples ? first : gather(first, tensor1d(pairs, 'int32')), second]
}

/** Distance between two views, averaged over images: mean square, or 1 - cosine of the flattened representation. */
export function viewDistance(a: Tensor, b: Tensor, criterion: 'cosine' | 'mse'): Scalar {
  if (criterion === 'mse') return mean(squaredDifference(a, b))
  const dot = sum(mul(a, b), 1)
  const lengths = sqrt(add(mul(sum(square(a), 1), sum(square(b), 1)), SMALLEST_NORM))
  return mean(sub(1, div(dot, lengths)))
}

const UNIT = { mean: [0], std: [1] }

/**
 * Draws two views of an image together in representation space (nntransfer RepresentationMatching). The views come paired
 * from the loader (first B rows one view, next B the other), or the second is made here by adding noise, on the images that
 * are clean so far where `only_for_clean` says so.
 */
export function representationMatching(
  options: RepresentationMatchingOptions,
  normalisation: NonNullable<DataSet['normalisation']> = UNIT,
): Hook {
  const { representations, criterion, lambda, combine_losses, second_noise_std } = options
  const weights = (params: ParamMap) => layerWeights(representations.length, combine_losses, params)
  const loss = ({ representations: seen, inputs, examples, notes, model, params }: Seen): Scalar | null => {
    if (inputs.shape[0] === examples) return null
    const distances = representations.map((name) => {
      const representation = representationOf(seen, name, model, 'representation_matching.representations')
      const [first, second] = viewsOf(representation, examples, notes.pairs)
      return viewDistance(first, second, criterion)
    })
    return mul<Scalar>(combined(distances, weights(params)), lambda)
  }
  const report = async (params: ParamMap): Promise<Record<string, number>> => {
    const now = await readValues(() => weights(params))
    return Object.fromEntries(representations.map((name, i) => [`weight ${name}`, now[i]!]))
  }
  const hook: Hook = {
    name: 'RepresentationMatching',
    capture: representations,
    loss,
    ...(combine_losses.startsWith('learned') && { report }),
  }
  if (Object.keys(second_noise_std).length === 0) return hook
  return {
    ...hook,
    inputs: (inputs, { task, rng }, notes) => {
      const pairs = pairsOf(inputs.shape[0], options.only_for_clean, notes)
      if (task !== 'img_classification' || pairs.length === 0) return clone(inputs)
      notes.pairs = pairs
      const index = tensor1d(pairs, 'int32')
      const chosen = gather(inputs, index)
      const levels = levelsOfBatch(second_noise_std, pairs.length, rng)
      const second = addNoise(chosen, levels, 'std', normalisation, rng.fork('noise'))
      const all: Tensor4D = concat([inputs, second], 0)
      for (const t of [index, chosen, second]) t.dispose()
      return all
    },
  }
}

function pairsOf(examples: number, onlyClean: boolean, notes: InputNotes): Int32Array {
  const all = Int32Array.from({ length: examples }, (_, i) => i)
  return onlyClean ? all.filter((i) => (notes.noise?.[i] ?? 0) <= 0) : all
}
