import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { expandDims, scatterND, tidy } from '@tensorflow/tfjs-core'
import { wasmKernel } from './kernel.ts'

/** Sums of the rows of x that share a segment: the gradient of `gather`, which the wasm backend lacks. */
export const unsortedSegmentSum = wasmKernel<{ x: Tensor; segmentIds: Tensor1D }, { numSegments: number }>(
  'UnsortedSegmentSum',
  ({ inputs: { x, segmentIds }, attrs: { numSegments } }) =>
    tidy(() => scatterND(expandDims(segmentIds, 1), x, [numSegments, ...x.shape.slice(1)])),
)
