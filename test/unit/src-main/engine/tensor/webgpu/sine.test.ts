import { tensor1d } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { cosine, sine } from '../../../../../../src-main/engine/tensor/webgpu/sine.ts'
import { useBackend } from '../../../../../support/backend.ts'

// Made of operations that every backend has; the proof of WebGPU compares them on the device itself.
describe('sine and cosine for devices whose own are coarse', () => {
  beforeAll(() => useBackend('wasm'))
  const x = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 20)

  it.each([
    ['sine', sine, Math.sin],
    ['cosine', cosine, Math.cos],
  ] as const)('%s is exact to float32 between -100 and 100', (_name, ours, right) => {
    const values = ours(tensor1d(x)).dataSync()
    const worst = Math.max(...x.map((at, i) => Math.abs((values[i] ?? NaN) - right(at))))
    expect(worst).toBeLessThan(2e-6)
  })
})
