// Prints the largest errors of dilated convolutions and their gradients against plain loops, relative to the largest right
// number, as JSON. A process of its own, because TensorFlow reads the settings of its kernels once.
import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core'
import { mul, sum, tidy } from '@tensorflow/tfjs-core'
import { conv2d, depthwiseConv2d, valueAndGrads } from '../../src-main/engine/tensor/index.ts'
import { setRoutes } from '../../src-main/engine/tensor/base/routes.ts'
import { setVariables } from '../../src-main/io/native/library/engine-environment.ts'
import { startNative } from '../../src-main/io/native/library/start-native.ts'
import { provisionNative } from '../../src-main/io/native/setup/provision.ts'
import type { EngineSetting } from '../../src-shared/contract/engine-proof.ts'
import { normals } from './tensors.ts'

type Shape4 = [number, number, number, number]

interface Case {
  readonly kind: 'plain' | 'depthwise'
  readonly x: Shape4
  readonly weight: Shape4
  readonly options: { readonly stride: number; readonly padding: number; readonly dilation: number }
}

/** Value and gradients (for x and weight) with dy, one product after the other in double precision. */
function byLoops(c: Case, y: Tensor4D, numbers: readonly ArrayLike<number>[]): Float64Array[] {
  const [x, weight, dy] = numbers as [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>]
  const { stride, padding, dilation } = c.options
  const [, height, width, channels] = c.x
  const [kh, kw, inputs, outputs] = c.weight
  const [batch, rows, columns, all] = y.shape
  const result = [y.size, x.length, weight.length].map((n) => new Float64Array(n)) as [Float64Array, Float64Array, Float64Array] // prettier-ignore
  const addTo = (array: Float64Array, at: number, value: number): void => void (array[at] = (array[at] as number) + value) // prettier-ignore
  for (let n = 0; n < batch; n++)
    for (let r = 0; r < rows; r++)
      for (let s = 0; s < columns; s++)
        for (let u = 0; u < kh; u++)
          for (let v = 0; v < kw; v++) {
            const [p, q] = [r * stride + u * dilation - padding, s * stride + v * dilation - padding]
            if (p < 0 || q < 0 || p >= height || q >= width) continue
            for (let i = 0; i < inputs; i++)
              for (let o = 0; o < outputs; o++) {
                const channel = c.kind === 'plain' ? o : i * outputs + o
                const yAt = ((n * rows + r) * columns + s) * all + channel
                const xAt = ((n * height + p) * width + q) * channels + i
                const wAt = ((u * kw + v) * inputs + i) * outputs + o
                addTo(result[0], yAt, (x[xAt] as number) * (weight[wAt] as number))
                addTo(result[1], xAt, (dy[yAt] as number) * (weight[wAt] as number))
                addTo(result[2], wAt, (dy[yAt] as number) * (x[xAt] as number))
              }
          }
  return result
}

function errorOf(actual: ArrayLike<number>, right: Float64Array): number {
  if (actual.length !== right.length) return Number.MAX_VALUE
  const scale = right.reduce((largest, v) => Math.max(largest, Math.abs(v)), 1e-30)
  const worst = right.reduce((largest, v, i) => Math.max(largest, Math.abs(v - (actual[i] as number))), 0)
  return Number.isFinite(worst) ? worst / scale : Number.MAX_VALUE // a NaN must not vanish in the JSON
}

function errors(c: Case): number[] {
  return tidy(() => {
    const [x, weight] = [normals(c.x, 1) as Tensor4D, normals(c.weight, 2) as Tensor4D]
    const convolve = c.kind === 'plain' ? conv2d : depthwiseConv2d
    const y = convolve(x, weight, c.options)
    const dy = normals(y.shape, 3)
    const { grads } = valueAndGrads(
      (p) => sum(mul(convolve(p.get('x') as Tensor4D, p.get('w') as Tensor4D, c.options), dy)) as Scalar,
      new Map([['x', x], ['w', weight]]), // prettier-ignore
      ['x', 'w'],
    )
    const right = byLoops(c, y, [x.dataSync(), weight.dataSync(), dy.dataSync()])
    const found = [y.dataSync(), grads.get('x')?.dataSync() ?? [], grads.get('w')?.dataSync() ?? []]
    return right.map((numbers, i) => errorOf(found[i] as ArrayLike<number>, numbers))
  })
}

const CASES: readonly Case[] = [
  { kind: 'plain', x: [2, 9, 8, 3], weight: [3, 3, 3, 4], options: { stride: 1, padding: 2, dilation: 2 } },
  { kind: 'plain', x: [1, 11, 11, 1], weight: [5, 3, 1, 1], options: { stride: 1, padding: 1, dilation: 2 } },
  { kind: 'plain', x: [2, 10, 10, 8], weight: [3, 3, 8, 5], options: { stride: 1, padding: 0, dilation: 3 } },
  { kind: 'plain', x: [2, 9, 9, 2], weight: [3, 3, 2, 3], options: { stride: 2, padding: 2, dilation: 2 } },
  {
    kind: 'depthwise',
    x: [2, 9, 8, 3],
    weight: [3, 3, 3, 1],
    options: { stride: 1, padding: 2, dilation: 2 },
  },
  {
    kind: 'depthwise',
    x: [2, 9, 9, 2],
    weight: [3, 3, 2, 2],
    options: { stride: 2, padding: 1, dilation: 2 },
  },
]

// Under the setting that was proved for this machine, but with or without oneDNN as asked: proving that too takes minutes.
const setting = JSON.parse(process.argv[2] ?? '') as EngineSetting
const oneDnn = process.env['TF_ENABLE_ONEDNN_OPTS']
setVariables(setting)
Object.assign(process.env, { TF_ENABLE_ONEDNN_OPTS: oneDnn, TF_NUM_INTRAOP_THREADS: '2' })
await startNative(await provisionNative())
setRoutes(setting)
const lines = CASES.flatMap((c, i) =>
  errors(c).map((error, k) => [
    `${c.kind} ${i}, ${['value', 'gradient of x', 'gradient of weight'][k]}`,
    error,
  ]),
)
console.log(JSON.stringify(Object.fromEntries(lines)))
