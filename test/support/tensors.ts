import type { Tensor } from '@tensorflow/tfjs-core'
import { memory, tensor } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { nativeHandleCount } from '../../src-main/engine/tensor/index.ts'
import type { NamedArray } from '../../src-main/engine/types.ts'
import { createRng } from '../../src-shared/util/rng.ts'

/** Standard-normal numbers that are the same everywhere. */
export function normals(shape: readonly number[], seed: number): Tensor {
  const rng = createRng(seed)
  const data = Float32Array.from({ length: shape.reduce((n, k) => n * k, 1) }, () => rng.normal())
  return tensor(data, shape as number[])
}

export const array = (shape: readonly number[], values: readonly number[]): NamedArray => ({
  shape,
  dtype: 'float32',
  data: Float32Array.from(values),
})

/** Largest difference relative to the largest magnitude of `expected`. */
export function relativeError(actual: Tensor, expected: Tensor | ArrayLike<number>): number {
  const a = actual.dataSync()
  const e = 'dataSync' in expected ? (expected as Tensor).dataSync() : (expected as ArrayLike<number>)
  expect(a.length).toBe(e.length)
  let largest = 0
  let scale = 1e-30
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs((a[i] as number) - (e[i] as number)))
    scale = Math.max(scale, Math.abs(e[i] as number))
    if (Number.isNaN(a[i])) return Number.NaN
  }
  return largest / scale
}

/** Runs `f` twice (the first time may fill caches) and expects the second run to leave no tensor and no handle behind. */
export async function expectNoLeak(f: () => void | Promise<void>): Promise<void> {
  await f()
  const before = { tensors: memory().numTensors, handles: nativeHandleCount() }
  await f()
  expect({ tensors: memory().numTensors, handles: nativeHandleCount() }).toEqual(before)
}
