import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import {
  add,
  atanh,
  clipByValue,
  div,
  matMul,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  squaredDifference,
  sub,
  sum,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import type { ForwardContext, Model, ParamMap } from '../../types.ts'
import { representationOf } from './representation.ts'
import type { Hook } from './hook.ts'

/** atanh has no finite value at 1; float32 rounds the similarity of near-equal images up to it. */
const LARGEST_SIMILARITY = 1 - 1e-6
/** Keeps the length of a constant representation above zero. */
const SMALLEST_SQUARE = 1e-12

/** Cosine similarity of images after centring over images; strictly upper triangle, zeros elsewhere. [n, n] */
export function similarityTriangle(features: Tensor): Tensor {
  const [images = 0, ...rest] = features.shape
  const flat = reshape(features, [images, rest.reduce((n, k) => n * k, 1)])
  const centred = sub(flat, mean(flat, 0, true))
  const unit = div(centred, sqrt(add(sum(square(centred), 1, true), SMALLEST_SQUARE)))
  const all = clipByValue(
    matMul(unit as never, unit as never, false, true),
    -LARGEST_SIMILARITY,
    LARGEST_SIMILARITY,
  )
  return mul(all, upperTriangle(images))
}

/** Mean squared difference of Fisher-transformed similarities over the full matrix, zeros included (as published). */
export const rdmLoss = (predicted: Tensor, target: Tensor): Scalar =>
  mean(squaredDifference(atanh(similarityTriangle(predicted)), atanh(similarityTriangle(target))))

/** 1 above the diagonal, 0 elsewhere. [n, n] */
function upperTriangle(n: number): Tensor {
  const ones = Float32Array.from({ length: n * n }, (_, i) => (i % n > Math.floor(i / n) ? 1 : 0))
  return tensor(ones, [n, n])
}

export interface Teacher {
  readonly model: Model
  readonly params: ParamMap
  readonly context: ForwardContext
  dispose(): void
}

/**
 * Matches the similarity structure of the core to that of the network the run starts from (RDMPrediction of earlier
 * neural_cotraining). The teacher's representations are computed per batch in evaluation mode, which equals a table
 * computed beforehand and also covers augmented images.
 */
export function rdmPrediction(options: { readonly lambda: number }, teacher: Teacher): Hook {
  const core = (seen: ReadonlyMap<string, Tensor>): Tensor =>
    representationOf(seen, 'core', teacher.model, 'rdm_prediction')
  return {
    name: 'RDMPrediction',
    capture: ['core'],
    dispose: () => teacher.dispose(),
    loss: ({ representations, inputs, route }) => {
      const target = tidy(() => {
        const context = { ...teacher.context, capture: new Set(['core']) }
        return core(teacher.model.apply(teacher.params, inputs, route, context).representations)
      })
      return mul(rdmLoss(core(representations), target), options.lambda)
    },
  }
}
