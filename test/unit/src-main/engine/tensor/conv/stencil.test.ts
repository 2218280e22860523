import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core'
import { mul, sum, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { applyStencil, valueAndGrads } from '../../../../../../src-main/engine/tensor/index.ts'
import { testedBackends, useBackend } from '../../../../../support/backend.ts'
import { normals } from '../../../../../support/tensors.ts'

const LAPLACE = { side: 3, values: [0, -1, 0, -1, 4, -1, 0, -1, 0] }
const FIVE = {
  side: 5,
  values: Array.from({ length: 25 }, (_, i) => Math.cos(Math.abs(i - 12) / 3)),
}

/** The stencil in plain loops; x [height, width, channels] as nested in a flat array. */
function loops(x: Float32Array, shape: readonly number[], s: typeof LAPLACE, padding: number): number[] {
  const [h, w, c] = shape as [number, number, number]
  const [rows, columns] = [h + 2 * padding - s.side + 1, w + 2 * padding - s.side + 1] as [number, number]
  const at = (y: number, z: number, k: number): number =>
    y < 0 || z < 0 || y >= h || z >= w ? 0 : (x[(y * w + z) * c + k] as number)
  return Array.from({ length: rows * columns * c }, (_, i) => {
    const [y, z, k] = [Math.floor(i / (columns * c)), Math.floor(i / c) % columns, i % c]
    return s.values.reduce(
      (a, v, t) => a + v * at(y - padding + Math.floor(t / s.side), z - padding + (t % s.side), k),
      0,
    )
  })
}

describe.each(await testedBackends())('applyStencil on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  it.each([
    { stencil: LAPLACE, padding: 0 },
    { stencil: LAPLACE, padding: 1 },
    { stencil: LAPLACE, padding: 3 },
    { stencil: FIVE, padding: 2 },
  ])('equals plain loops with $padding zeros around, in value and gradient', ({ stencil, padding }) => {
    tidy(() => {
      const x = normals([7, 6, 1, 2], 1) as Tensor4D
      const data = x.dataSync() as Float32Array
      const y = applyStencil(x, stencil, padding)
      const wanted = loops(data, [7, 6, 2], stencil, padding)
      y.dataSync().forEach((v, i) => expect(v).toBeCloseTo(wanted[i] as number, 4))

      const weights = normals(y.shape, 2)
      const { grads } = valueAndGrads(
        (p) => sum(mul(applyStencil(p.get('x') as Tensor4D, stencil, padding), weights)) as Scalar,
        new Map([['x', x]]),
        ['x'],
      )
      // The sum is linear in x: its gradient at a pixel is the change from a step of one there.
      const total = (values: Float32Array): number =>
        loops(values, [7, 6, 2], stencil, padding).reduce(
          (a, v, i) => a + v * (weights.dataSync()[i] as number),
          0,
        )
      const base = total(data)
      const grad = grads.get('x')?.dataSync() as Float32Array
      for (const pixel of [0, 13, 40, 83]) {
        const moved = Float32Array.from(data)
        moved[pixel] = (moved[pixel] as number) + 1
        expect(grad[pixel]).toBeCloseTo(total(moved) - base, 3)
      }
    })
  })
})
