import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { add, clone, concat, div, mean, mul, reshape, slice, square, squaredDifference, sqrt, sub, sum, tensor } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { Hook, Seen } from './hook.ts'

export interface RepresentationMatchingOptions {
  readonly representations: readonly string[]
  readonly criterion: 'cosine' | 'mse'
  readonly lambda: number
  readonly combine_losses: 'avg' | 'lin' | 'exp'
  readonly second_noise_std: Readonly<Record<string, number>>
  readonly only_for_clean: boolean
}

/** Keeps the cosine of a silent representation finite; torch's cosine_embedding uses the same size of guard. */
const SMALLEST_NORM = 1e-12

/** Rows from..from+count of a representation, one row an image. [count, features] */
function rows(representation: Tensor, from: number, count: number): Tensor {
  const rest = representation.shape.slice(1)
  const part = slice(representation, [from, ...rest.map(() => 0)], [count, ...rest])
  return reshape(part, [count, rest.reduce((n, k) => n * k, 1)])
}

/** Distance between two views, averaged over images: mean square, or 1 - cosine of the flattened representation. */
export function viewDistance(a: Tensor, b: Tensor, criterion: 'cosine' | 'mse'): Scalar {
  if (criterion === 'mse') return mean(squaredDifference(a, b))
  const dot = sum(mul(a, b), 1)
  const lengths = sqrt(add(mul(sum(square(a), 1), sum(square(b), 1)), SMALLEST_NORM))
  return mean(sub(1, div(dot, lengths)))
}

/** Weight of layer i of n: equal, growing by one, or growing by e; they sum to 1. */
export function layerWeights(n: number, rule: 'avg' | 'lin' | 'exp'): readonly number[] {
  const raw = Array.from({ length: n }, (_, i) => (rule === 'avg' ? 1 : rule === 'lin' ? i + 1 : Math.exp(i + 1)))
  const total = raw.reduce((s, w) => s + w, 0)
  return raw.map((w) => w / total)
}

function drawLevel(levels: Readonly<Record<string, number>>, u: number): number {
  let sum = 0
  for (const [level, probability] of Object.entries(levels)) {
    sum += probability
    if (u < sum) return Number(level)
  }
  return 0
}

/**
 * Draws two views of an image together in representation space (nntransfer RepresentationMatching). The views come paired
 * from the loader (first B rows one view, next B the other), or the second is made here by adding noise.
 */
export function representationMatching(options: RepresentationMatchingOptions): Hook {
  const { representations, criterion, lambda, combine_losses } = options
  const weights = layerWeights(representations.length, combine_losses)
  const noisy = Object.keys(options.second_noise_std).length > 0
  const loss = ({ representations: seen, inputs, examples }: Seen): Scalar | null => {
    if (inputs.shape[0] !== 2 * examples) return null
    let total: Tensor | null = null
    representations.forEach((name, i) => {
      const representation = seen.get(name)
      if (representation === undefined) return
      const distance = viewDistance(rows(representation, 0, examples), rows(representation, examples, examples), criterion)
      const term = mul(distance, lambda * (weights[i] as number))
      total = total === null ? term : add(total, term)
    })
    return total
  }
  if (!noisy) return { name: 'RepresentationMatching', capture: representations, loss }
  return {
    name: 'RepresentationMatching',
    capture: representations,
    loss,
    inputs: (inputs, { task, rng }) => {
      if (task !== 'img_classification') return clone(inputs)
      const second = noiseOf(inputs.shape, options.second_noise_std, rng)
      return concat([inputs, add<Tensor4D>(inputs, second)], 0)
    },
  }
}

/** Standard-normal noise times one drawn level per image; level <= 0 leaves the image clean. */
function noiseOf(shape: readonly number[], levels: Readonly<Record<string, number>>, rng: Rng): Tensor {
  const [batch = 0, ...rest] = shape
  const size = rest.reduce((n, k) => n * k, 1)
  const values = new Float32Array(batch * size)
  for (let b = 0; b < batch; b++) {
    const image = rng.fork(b)
    const level = drawLevel(levels, image.uniform())
    if (level <= 0) continue
    for (let i = 0; i < size; i++) values[b * size + i] = level * image.normal()
  }
  return tensor(values, [...shape])
}
