import type { KernelConfig, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { expandDims, scatterND, tidy } from '@tensorflow/tfjs-core'

/** Sums of the rows of x that share a segment: the gradient of `gather`, which the wasm backend lacks. */
export const unsortedSegmentSum: KernelConfig = {
  kernelName: 'UnsortedSegmentSum',
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs }) => {
    const { x, segmentIds } = inputs as unknown as { x: Tensor; segmentIds: Tensor1D }
    const { numSegments } = attrs as { numSegments: number }
    return tidy(() => scatterND(expandDims(segmentIds, 1), x, [numSegments, ...x.shape.slice(1)]))
  },
}
