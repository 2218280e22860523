import type { Tensor4D } from '@tensorflow/tfjs-core'
import { tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ConvShape } from '../../../../../../src-main/engine/tensor/conv/own-conv2d.ts'
import {
  ownConv2d,
  ownConv2dFilterGrad,
  ownConv2dInputGrad,
} from '../../../../../../src-main/engine/tensor/conv/own-conv2d.ts'
import { testedBackends, useBackend } from '../../../../../support/backend.ts'
import { normals } from '../../../../../support/tensors.ts'

type Visit = (yAt: number, xAt: number, weightAt: number) => void

/** Calls back for each product of a convolution with the places of its output, input and weight. */
function products({ x, weight, padding, stride }: ConvShape, visit: Visit): void {
  const [batch, height, width, channels] = x
  const [kh, kw, , out] = weight
  const rows = Math.floor((height + 2 * padding[0] - kh) / stride) + 1
  const columns = Math.floor((width + 2 * padding[1] - kw) / stride) + 1
  for (let i = 0; i < batch * rows * columns * kh * kw * channels * out; i++) {
    let rest = i
    const digit = (base: number): number => {
      const value = rest % base
      rest = Math.floor(rest / base)
      return value
    }
    const [o, c, v, u] = [digit(out), digit(channels), digit(kw), digit(kh)]
    const [column, row, n] = [digit(columns), digit(rows), digit(batch)]
    const [y, z] = [row * stride + u - padding[0], column * stride + v - padding[1]]
    if (y < 0 || z < 0 || y >= height || z >= width) continue
    visit(
      ((n * rows + row) * columns + column) * out + o,
      ((n * height + y) * width + z) * channels + c,
      ((u * kw + v) * channels + c) * out + o,
    )
  }
}

// Shapes at which kernels of libraries were found wrong, and the corners of the geometry.
const SHAPES: readonly ConvShape[] = [
  { x: [15, 9, 9, 1], weight: [3, 3, 1, 1], padding: [0, 0], stride: 1 },
  { x: [1, 6, 5, 3], weight: [3, 3, 3, 1], padding: [1, 1], stride: 1 },
  { x: [2, 7, 8, 3], weight: [5, 3, 3, 4], padding: [2, 1], stride: 2 },
  { x: [1, 9, 9, 1], weight: [1, 1, 1, 5], padding: [0, 0], stride: 3 },
  { x: [2, 5, 5, 2], weight: [5, 5, 2, 3], padding: [0, 0], stride: 1 },
]

describe.each(await testedBackends())('the own convolution on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  it.each(SHAPES)('equals plain loops at x $x, weight $weight, stride $stride', (shape) => {
    tidy(() => {
      const [x, weight] = [normals(shape.x, 1), normals(shape.weight, 2)] as [Tensor4D, Tensor4D]
      const y = ownConv2d(x, weight, shape)
      const dy = normals(y.shape, 3) as Tensor4D
      const [xs, ws, ds] = [x.dataSync(), weight.dataSync(), dy.dataSync()]
      const wanted = {
        y: new Float64Array(y.size),
        x: new Float64Array(x.size),
        w: new Float64Array(weight.size),
      }
      const add = (to: Float64Array, at: number, a: number | undefined, b: number | undefined): void =>
        void (to[at] = (to[at] ?? 0) + (a ?? 0) * (b ?? 0))
      products(shape, (yAt, xAt, wAt) => {
        add(wanted.y, yAt, xs[xAt], ws[wAt])
        add(wanted.x, xAt, ds[yAt], ws[wAt])
        add(wanted.w, wAt, ds[yAt], xs[xAt])
      })
      const compare = (actual: Tensor4D, expected: Float64Array): void =>
        actual.dataSync().forEach((v, i) => expect(v).toBeCloseTo(expected[i] as number, 3))
      compare(y, wanted.y)
      compare(ownConv2dInputGrad(dy, weight, shape), wanted.x)
      compare(ownConv2dFilterGrad(x, dy, shape), wanted.w)
    })
  })
})
