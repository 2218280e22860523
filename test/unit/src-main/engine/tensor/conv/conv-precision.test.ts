import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { mul, ones, sum, tidy } from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, it } from 'vitest'
import {
  conv2d,
  convPrecision,
  LIBRARY,
  setConvPrecision,
  setRoutes,
  valueAndGrads,
} from '../../../../../../src-main/engine/tensor/index.ts'
import { CotrainError } from '../../../../../../src-shared/contract/errors.ts'
import { nativeAvailable, useBackend } from '../../../../../support/backend.ts'
import { expectNoLeak, normals, relativeError } from '../../../../../support/tensors.ts'

/** bfloat16 has eight significant bits: 0.4 % per number, and products of two such numbers are summed. */
const TOLERANCE = 0.02

/** Output and both gradients of a convolution. */
function convolve(): Tensor[] {
  const inputs = new Map([['x', normals([2, 8, 8, 16], 1)], ['weight', normals([3, 3, 16, 8], 2)]]) // prettier-ignore
  let output: Tensor | undefined
  const { grads } = valueAndGrads(
    (p) => {
      const y = conv2d(p.get('x') as Tensor4D, p.get('weight') as Tensor4D, { padding: 1 })
      output = mul(y, 1)
      return sum(mul(y, normals([2, 8, 8, 8], 3))) as Scalar
    },
    inputs,
    ['x', 'weight'],
  )
  expect(output?.dtype).toBe('float32')
  return [
    conv2d(inputs.get('x') as Tensor4D, inputs.get('weight') as Tensor4D, { padding: 1 }),
    ...grads.values(),
  ]
}

afterEach(() => {
  setConvPrecision('float32')
  setRoutes(LIBRARY)
})

describe('convolutions in bfloat16', () => {
  it('stay near float32 in value and gradients, and differ from it', async ({ skip }) => {
    if (!(await nativeAvailable())) return skip('no native engine here')
    await useBackend('native')
    tidy(() => {
      const exact = convolve()
      setConvPrecision('bfloat16')
      expect(convPrecision()).toBe('bfloat16')
      convolve().forEach((reduced, i) => {
        const error = relativeError(reduced, exact[i] as Tensor)
        expect(error).toBeLessThan(TOLERANCE)
        expect(error).toBeGreaterThan(1e-5)
      })
    })
  })

  it('are summed in float32 where that is asked for: a sum of 1024 ones is 1024', async ({ skip }) => {
    if (!(await nativeAvailable())) return skip('no native engine here')
    await useBackend('native')
    setConvPrecision('bfloat16')
    setRoutes({ ownRoutes: [], bfloat16Sums: 'float32' })
    tidy(() => {
      // In bfloat16 256 + 1 is 256: adding up in that format ends there.
      const inputs = new Map([['x', ones([1, 32, 32, 2])], ['weight', ones([32, 32, 2, 2])]]) // prettier-ignore
      const run = (p: ReadonlyMap<string, Tensor>): Tensor =>
        conv2d(p.get('x') as Tensor4D, p.get('weight') as Tensor4D)
      expect([...run(inputs).dataSync()]).toEqual([2048, 2048])
      const seen = new Map([['x', ones([1, 32, 32, 2])], ['weight', ones([1, 1, 2, 2])]]) // prettier-ignore
      const { grads } = valueAndGrads((p) => sum(run(p)) as Scalar, seen, ['x', 'weight'])
      expect([...(grads.get('weight') as Tensor).dataSync()]).toEqual([1024, 1024, 1024, 1024])
    })
  })

  it('leave no tensor and no handle behind', async ({ skip }) => {
    if (!(await nativeAvailable())) return skip('no native engine here')
    await useBackend('native')
    setConvPrecision('bfloat16')
    await expectNoLeak(() => void tidy(() => void convolve()))
  })

  it('are refused on another backend, with the way out', async () => {
    await useBackend('wasm')
    expect(() => setConvPrecision('bfloat16')).toThrow(CotrainError)
    expect(() => setConvPrecision('bfloat16')).toThrow('need the native TensorFlow engine')
    expect(convPrecision()).toBe('float32')
  })
})
