import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { add } from '@tensorflow/tfjs-core'

/** What every implementation of batch norm gets: nothing left to default. */
export interface NormParts {
  readonly x: Tensor
  readonly gamma: Tensor1D
  readonly beta: Tensor1D
  readonly mean: Tensor1D
  readonly variance: Tensor1D
  readonly bias: Tensor1D | undefined
  readonly epsilon: number
  readonly relu: boolean
}

interface NormResult {
  readonly output: Tensor
  readonly batch?: { readonly mean: Tensor1D; readonly variance: Tensor1D }
}

/** Batch norm by the statistics of the batch, and by running statistics. */
export interface NormImplementation {
  batch(parts: NormParts): NormResult
  running(parts: NormParts): NormResult
}

/** Mean of the convolution's output, had its bias been added. */
export const meanWithBias = (mean: Tensor1D, bias: Tensor1D | undefined): Tensor1D =>
  bias ? add(mean, bias) : mean
