import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { sub, tensor, tensor1d, zeros } from '@tensorflow/tfjs-core'
import type { NormImplementation, NormParts } from './batch-norm-parts.ts'
import { meanWithBias } from './batch-norm-parts.ts'
import type { LazyGrads } from '../base/differentiable.ts'
import { differentiable } from '../base/differentiable.ts'

type Numbers = Float32Array | Float64Array
/** x, gamma, mean, 1 / sqrt(variance + epsilon), and the result where a ReLU cut it. */
type Saved = [Tensor, Tensor1D, Tensor1D, Tensor1D, ...Tensor[]]

/** Batch norm and ReLU in plain loops: two passes each way, where the wasm backend needs a dozen, some of them slow. */
export const loopNorm: NormImplementation = {
  batch: (parts) => {
    const { x, gamma, beta, bias } = parts
    const [output, mean, variance] = differentiable<[Tensor, Tensor1D, Tensor1D], Saved>(
      { x, gamma, beta, ...(bias ? { bias } : {}) },
      (save) => {
        const { mean, variance } = statisticsOf(numbers(x), gamma.size)
        const { y, scale } = normalise(parts, mean, variance)
        save([x, gamma, vector(mean), vector(scale), ...(parts.relu ? [y] : [])])
        const n = x.size / gamma.size
        const unbiased = variance.map((v) => (v * n) / Math.max(1, n - 1))
        return [y, meanWithBias(vector(mean), bias), vector(unbiased)]
      },
      ([dy], saved) => backward(parts, dy, saved, true),
    )
    return { output, batch: { mean, variance } }
  },
  running: (parts) => {
    const { x, gamma, beta, bias } = parts
    const output = differentiable<Tensor, Saved>(
      { x, gamma, beta, ...(bias ? { bias } : {}) },
      (save) => {
        const mean = numbers(bias ? sub(parts.mean, bias) : parts.mean)
        const { y, scale } = normalise(parts, mean, numbers(parts.variance))
        save([x, gamma, vector(mean), vector(scale), ...(parts.relu ? [y] : [])])
        return y
      },
      (dy, saved) => backward(parts, dy, saved, false),
    )
    return { output }
  },
}

const vector = (values: Numbers): Tensor1D => tensor1d(Float32Array.from(values))
const numbers = (t: Tensor): Float32Array => t.dataSync<'float32'>()

/** Mean and variance (over n) of each channel. */
function statisticsOf(x: Float32Array, channels: number): { mean: Float64Array; variance: Float64Array } {
  const n = x.length / channels
  const mean = new Float64Array(channels)
  for (let i = 0; i < x.length; i += channels) for (let c = 0; c < channels; c++) plus(mean, c, x[i + c]!)
  for (let c = 0; c < channels; c++) mean[c] = mean[c]! / n
  const variance = new Float64Array(channels)
  for (let i = 0; i < x.length; i += channels)
    for (let c = 0; c < channels; c++) plus(variance, c, (x[i + c]! - mean[c]!) ** 2)
  return { mean, variance: variance.map((v) => v / n) }
}

const plus = (sums: Numbers, c: number, value: number): void => void (sums[c] = sums[c]! + value)

/** The result, and 1 / sqrt(variance + epsilon) of each channel. */
function normalise(parts: NormParts, mean: Numbers, variance: Numbers): { y: Tensor; scale: Float32Array } {
  const x = numbers(parts.x)
  const channels = parts.gamma.size
  const [gamma, beta] = [numbers(parts.gamma), numbers(parts.beta)]
  const scale = Float32Array.from(variance, (v) => 1 / Math.sqrt(v + parts.epsilon))
  const factor = Float64Array.from(scale, (s, c) => s * gamma[c]!)
  const offset = Float64Array.from(factor, (f, c) => beta[c]! - f * mean[c]!)
  const floor = parts.relu ? 0 : Number.NEGATIVE_INFINITY
  const y = new Float32Array(x.length)
  for (let i = 0; i < x.length; i += channels)
    for (let c = 0; c < channels; c++) y[i + c] = Math.max(floor, x[i + c]! * factor[c]! + offset[c]!)
  return { y: tensor(y, parts.x.shape), scale }
}

/**
 * dBeta = sum d, dGamma = sum d xhat, dx = gamma scale (d - [dBeta / n + xhat dGamma / n]), the bracket with batch
 * statistics only; d is dy where the ReLU let it pass.
 */
function backward(
  { relu, x: input, gamma: { size: channels } }: NormParts,
  dy: Tensor,
  saved: Saved,
  batch: boolean,
): LazyGrads {
  const [x, gamma, mean, scale] = [numbers(saved[0]), numbers(saved[1]), numbers(saved[2]), numbers(saved[3])]
  const y = saved[4] && numbers(saved[4])
  const d = Float32Array.from(numbers(dy))
  if (relu && y) for (let i = 0; i < d.length; i++) if (y[i]! <= 0) d[i] = 0
  const dBeta = new Float64Array(channels)
  const dGamma = new Float64Array(channels)
  for (let i = 0; i < d.length; i += channels)
    for (let c = 0; c < channels; c++) {
      plus(dBeta, c, d[i + c]!)
      plus(dGamma, c, d[i + c]! * (x[i + c]! - mean[c]!))
    }
  for (let c = 0; c < channels; c++) dGamma[c] = dGamma[c]! * scale[c]!
  const n = batch ? d.length / channels : Number.POSITIVE_INFINITY
  const factor = Float64Array.from(gamma, (g, c) => g * scale[c]!)
  const slope = Float64Array.from(dGamma, (g, c) => (g * scale[c]!) / n)
  const shift = Float64Array.from(dBeta, (b, c) => b / n - slope[c]! * mean[c]!)
  for (let i = 0; i < d.length; i += channels)
    for (let c = 0; c < channels; c++) {
      const removed = slope[c]! * x[i + c]! + shift[c]!
      d[i + c] = factor[c]! * (d[i + c]! - removed)
    }
  return {
    x: () => tensor(d, input.shape),
    gamma: () => vector(dGamma),
    beta: () => vector(dBeta),
    bias: () => (batch ? zeros([channels]) : vector(dBeta.map((b, c) => b * factor[c]!))),
  }
}
