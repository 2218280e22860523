import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { tensor, tensor1d } from '@tensorflow/tfjs-core'
import { batchNorm, dense, NORM_EPSILON } from '../../tensor/index.ts'
import { gradientOf, gradientsOf } from '../base/gradient-of.ts'
import type { PreparedCase, ProofCase } from '../base/proof-case.ts'
import { byRule, known } from '../base/proof-case.ts'
import { numbers } from '../base/proof-numbers.ts'

/** [examples, side, channels]; side 1 stands for a norm behind a dense layer. */
const SHAPES = [1, 2, 3, 5, 8, 16, 32, 64].flatMap((channels, i) => {
  const batch = [2, 15, 64][i % 3]!
  return [[batch, 1, channels], [batch, 5, channels], [2, 9, channels]] as const // prettier-ignore
})

type NormShape = readonly [batch: number, side: number, channels: number]

/** Norms with the statistics of the batch and with running ones, and gradients. */
export function normCases(): ProofCase[] {
  const norms = SHAPES.flatMap((shape) =>
    (['batch', 'running'] as const).flatMap((statistics) =>
      (['FusedBatchNormV3', 'FusedBatchNormGradV3'] as const).map((operation) => ({
        operation,
        format: 'float32' as const,
        shape: `x [${shape[0]},${shape[1]},${shape[1]},${shape[2]}], statistics of the ${statistics === 'batch' ? 'batch' : 'run'}`,
        product: false,
        prepare: () => prepareNorm(shape, statistics, operation === 'FusedBatchNormGradV3'),
      })),
    ),
  )
  return [...norms, ...[1, 33, 20_001].map(reluGradCase)]
}

function prepareNorm(
  [batch, side, channels]: NormShape,
  statistics: 'batch' | 'running',
  isGradient: boolean,
): PreparedCase {
  const rows = batch * side * side
  const v = {
    x: numbers(rows * channels, 31, -1, 2),
    dy: numbers(rows * channels, 32),
    gamma: numbers(channels, 33, 0.5, 2),
    beta: numbers(channels, 34),
    mean: numbers(channels, 35, 0, 1),
    variance: numbers(channels, 36, 0.5, 1.5),
  }
  const shape = [batch, side, side, channels]
  const x = tensor(v.x, shape)
  const dy = tensor(v.dy, shape)
  const channel = (name: 'gamma' | 'beta' | 'mean' | 'variance'): Tensor1D => tensor1d(v[name])
  const [gamma, beta, mean, variance] = [
    channel('gamma'),
    channel('beta'),
    channel('mean'),
    channel('variance'),
  ]
  const norm = () => batchNorm(x, { gamma, beta, mean, variance }, { statistics })
  const right = rightNorm(v, rows, channels, statistics)
  if (!isGradient)
    return {
      run: () => {
        const { output, batch: found } = norm()
        return found === undefined ? [output] : [output, found.mean, found.variance]
      },
      right: [known(right.y), ...(statistics === 'batch' ? [known(right.mean), known(right.unbiased)] : [])],
    }
  return {
    run: () => gradientsOf(() => norm().output, [x, gamma, beta], dy),
    right: [known(right.dx, right.slope), known(right.dGamma), known(right.dBeta)],
  }
}

type Values = Readonly<Record<'x' | 'dy' | 'gamma' | 'beta' | 'mean' | 'variance', Float32Array>>

/** y = gamma (x - mean) / sqrt(variance + epsilon) + beta per channel, and the gradients of the sum of dy * y. */
function rightNorm(v: Values, rows: number, channels: number, statistics: 'batch' | 'running') {
  const y = new Float64Array(rows * channels)
  const dx = new Float64Array(rows * channels)
  let slope = 0
  const [mean, unbiased, dGamma, dBeta] = [1, 2, 3, 4].map(() => new Float64Array(channels)) as Four
  for (let c = 0; c < channels; c++) {
    const column = (values: Float32Array): number[] =>
      Array.from({ length: rows }, (_, row) => values[row * channels + c]!)
    const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / rows
    const xs = column(v.x)
    const dys = column(v.dy)
    const ofBatch = average(xs)
    const biased = average(xs.map((value) => (value - ofBatch) ** 2))
    mean[c] = ofBatch
    unbiased[c] = (biased * rows) / Math.max(rows - 1, 1)
    const isBatch = statistics === 'batch'
    const centre = isBatch ? ofBatch : v.mean[c]!
    const deviation = Math.sqrt((isBatch ? biased : v.variance[c]!) + NORM_EPSILON)
    const scale = v.gamma[c]!
    slope = Math.max(slope, scale / deviation)
    const normal = xs.map((value) => (value - centre) / deviation)
    const meanDy = average(dys)
    const meanProduct = average(dys.map((dy, i) => dy * normal[i]!))
    dGamma[c] = meanProduct * rows
    dBeta[c] = meanDy * rows
    normal.forEach((value, row) => {
      y[row * channels + c] = scale * value + v.beta[c]!
      const through = isBatch ? meanDy + value * meanProduct : 0
      dx[row * channels + c] = (scale / deviation) * (dys[row]! - through)
    })
  }
  return { y, dx, slope, mean, unbiased, dGamma, dBeta }
}

type Four = [Float64Array, Float64Array, Float64Array, Float64Array]

/** The ReLU that is fused with norms and dense layers. */
function reluGradCase(length: number): ProofCase {
  return {
    operation: 'ReluGrad',
    format: 'float32',
    shape: `x [${length},1]`,
    product: false,
    prepare: () => {
      const xs = numbers(length, 37)
      const dys = numbers(length, 38)
      const x: Tensor2D = tensor(xs, [length, 1])
      const dy = tensor(dys, [length, 1])
      const one: Tensor2D = tensor([1], [1, 1])
      const at = (i: number): number => (xs[i]! > 0 ? dys[i]! : 0)
      return {
        run: () => [gradientOf((t) => dense(t, one, { activation: 'relu' }), x, dy)],
        right: [byRule(length, at)],
      }
    },
  }
}
