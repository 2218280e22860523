import { cholesky, solveCholesky, solveLower } from '../../../src-shared/util/cholesky.ts'
import { minimise } from './minimise.ts'

/** What a process is fitted to. */
export interface Data {
  /** Points, each [axes]. */
  readonly x: readonly Float64Array[]
  /** Values of mean 0 and deviation 1, or near it. */
  readonly y: Float64Array
  /** The option of each axis: axes of the same choice share a length. */
  readonly owner: readonly number[]
}

/** Of the kernel, all positive. */
export interface Hyper {
  /** One a option, in the units of the axes. */
  readonly lengths: readonly number[]
  /** Variance of the function. */
  readonly signal: number
  /** Variance of a value about the function. */
  readonly noise: number
}

/** What a process says of a point: mean and standard deviation of the function, noise left aside. */
export interface Belief {
  readonly mean: number
  readonly sd: number
}

export interface Process {
  readonly hyper: Hyper
  predict(x: Float64Array): Belief
  /** The mean alone, which is much less work. */
  expect(x: Float64Array): number
  /** The same with a value that is made up: what the process expects at a point that is being tried. */
  believing(x: Float64Array): Process
}

const ROOT5 = Math.sqrt(5)
/** The least noise: a thousandth of the spread, which keeps the kernel of close points invertible. */
const JITTER = 1e-6

/** Squared distance along each option, [options]. */
function gaps(a: Float64Array, b: Float64Array, owner: readonly number[], into: Float64Array): void {
  into.fill(0)
  for (let i = 0; i < a.length; i++) {
    const gap = a[i]! - b[i]!
    into[owner[i]!]! += gap * gap
  }
}

/** Matérn kernel of smoothness 5/2 with a length for each option (Rasmussen and Williams 2006, eq. 4.17), at scaled distance r. */
const matern = (r: number): number => (1 + ROOT5 * r + (5 / 3) * r * r) * Math.exp(-ROOT5 * r)

const optionsIn = (owner: readonly number[]): number => Math.max(...owner) + 1

/** Distance in lengths, from the squared gaps that stand from `at` on. */
function scaledDistance(gap: Float64Array, at: number, lengths: readonly number[]): number {
  let sum = 0
  for (let k = 0; k < lengths.length; k++) sum += gap[at + k]! / (lengths[k]! * lengths[k]!)
  return Math.sqrt(sum)
}

/** Squared distances of all pairs, [n, n, options]; a fit asks for them many times. */
function pairGaps({ x, owner }: Data): Float64Array {
  const n = x.length
  const d = optionsIn(owner)
  const out = new Float64Array(n * n * d)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const at = (i * n + j) * d
      gaps(x[i]!, x[j]!, owner, out.subarray(at, at + d))
    }
  return out
}

/**
 * Logarithm of the probability of the values under a process of mean 0, with its gradient by the logarithms of lengths, signal and
 * noise (Rasmussen and Williams 2006, eq. 2.30 and 5.9). `theta`: these logarithms, in that order.
 */
export function logEvidence(
  data: Data,
  theta: Float64Array,
  between = pairGaps(data),
): { value: number; gradient: Float64Array } {
  const { y } = data
  const n = y.length
  const d = theta.length - 2
  const { lengths, signal, noise } = hyperOf(theta)
  const k = new Float64Array(n * n)
  /** Minus twice the derivative of the kernel by the squared scaled distance. */
  const fall = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    k[i * n + i] = signal + noise + JITTER
    for (let j = 0; j < i; j++) {
      const at = i * n + j
      const r = scaledDistance(between, at * d, lengths)
      k[at] = signal * matern(r)
      fall[at] = signal * (5 / 3) * (1 + ROOT5 * r) * Math.exp(-ROOT5 * r)
    }
  }
  const gradient = new Float64Array(theta.length)
  const l = cholesky(k, n)
  if (l === null) return { value: Number.NEGATIVE_INFINITY, gradient }
  const alpha = solveCholesky(l, y)
  const value =
    -0.5 * alpha.reduce((sum, a, i) => sum + a * y[i]!, 0) -
    Array.from({ length: n }, (_, i) => Math.log(l[i * n + i]!)).reduce((a, b) => a + b, 0) -
    (n / 2) * Math.log(2 * Math.PI)
  const inverse = inverseOf(l, n)
  for (let i = 0; i < n; i++) {
    const own = alpha[i]! ** 2 - inverse[i * n + i]!
    gradient[d]! += 0.5 * own * signal
    gradient[d + 1]! += 0.5 * own * noise
    for (let j = 0; j < i; j++) {
      const at = i * n + j
      // Both halves of the symmetric matrix at once.
      const w = alpha[i]! * alpha[j]! - inverse[at]!
      gradient[d]! += w * k[at]!
      for (let o = 0; o < d; o++) gradient[o]! += w * fall[at]! * between[at * d + o]!
    }
  }
  for (let o = 0; o < d; o++) gradient[o]! /= lengths[o]! * lengths[o]!
  return { value, gradient }
}

/** Lower triangle of (L Lᵀ)⁻¹. */
function inverseOf(l: Float64Array, n: number): Float64Array {
  const half = new Float64Array(n * n) // columns of L⁻¹, each as a row
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) {
      let sum = i === j ? 1 : 0
      for (let k = j; k < i; k++) sum -= l[i * n + k]! * half[j * n + k]!
      half[j * n + i] = sum / l[i * n + i]!
    }
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = i; k < n; k++) sum += half[i * n + k]! * half[j * n + k]!
      out[i * n + j] = sum
    }
  return out
}

const hyperOf = (theta: Float64Array): Hyper => {
  const d = theta.length - 2
  return {
    lengths: Array.from(theta.subarray(0, d), Math.exp),
    signal: Math.exp(theta[d]!),
    noise: Math.exp(theta[d + 1]!),
  }
}

/** Priors on the logarithms, as mean and deviation. Lengths grow with the number of options (Hvarfner, Hellsten and Nardi 2024). */
const lengthPrior = (options: number): readonly [number, number] => [
  Math.SQRT2 + Math.log(options) / 2,
  Math.sqrt(3),
]
const SIGNAL_PRIOR = [0, 1] as const
/** Scores of trainings scatter by a few percent of their spread; less is found out where it is so. */
const NOISE_PRIOR = [-6, 2] as const
const STARTS = [0.3, 1] as const

/** The process whose kernel is the most probable one for the values, by the evidence and weak priors. */
export function fitProcess(data: Data): Process {
  const d = optionsIn(data.owner)
  const between = pairGaps(data)
  const priors = [...Array.from({ length: d }, () => lengthPrior(d)), SIGNAL_PRIOR, NOISE_PRIOR]
  const loss = (theta: Float64Array): { value: number; gradient: Float64Array } => {
    const { value, gradient } = logEvidence(data, theta, between)
    const away = theta.map((t, i) => (t - priors[i]![0]) / priors[i]![1])
    return {
      value: -value + away.reduce((sum, z) => sum + z * z, 0) / 2,
      gradient: gradient.map((g, i) => -g + away[i]! / priors[i]![1]),
    }
  }
  const found = STARTS.map((length) =>
    minimise(loss, Float64Array.from([...Array.from({ length: d }, () => Math.log(length)), 0, -5])),
  )
  const best = found.toSorted((a, b) => a.value - b.value)[0]!
  return processOf(data, hyperOf(best.x))
}

/** A process with a known kernel, after it has seen the values (Rasmussen and Williams 2006, algorithm 2.1). @throws RangeError for a kernel without an inverse */
export function processOf(data: Data, hyper: Hyper): Process {
  const { x, y, owner } = data
  const { lengths, signal, noise } = hyper
  const n = x.length
  const gap = new Float64Array(optionsIn(owner))
  const kernel = (a: Float64Array, b: Float64Array): number => {
    gaps(a, b, owner, gap)
    return signal * matern(scaledDistance(gap, 0, lengths))
  }
  const k = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) k[i * n + j] = kernel(x[i]!, x[j]!) + (i === j ? noise + JITTER : 0)
  const l = cholesky(k, n) ?? cholesky(withMore(k, n), n)
  if (l === null) throw new RangeError('the kernel of these points has no inverse')
  const alpha = solveCholesky(l, y)
  const weigh = (to: Float64Array): number => to.reduce((sum, v, i) => sum + v * alpha[i]!, 0)
  const kernels = (at: Float64Array): Float64Array => Float64Array.from(x, (one) => kernel(one, at))
  const expect = (at: Float64Array): number => weigh(kernels(at))
  const predict = (at: Float64Array): Belief => {
    const to = kernels(at)
    const known = solveLower(l, to).reduce((sum, v) => sum + v * v, 0)
    return { mean: weigh(to), sd: Math.sqrt(Math.max(signal - known, 0)) }
  }
  const believing = (at: Float64Array): Process =>
    processOf({ x: [...x, at], y: Float64Array.of(...y, expect(at)), owner }, hyper)
  return { hyper, predict, expect, believing }
}

/** Points that are the same to a hair need more on the diagonal. */
function withMore(k: Float64Array, n: number): Float64Array {
  const out = k.slice()
  for (let i = 0; i < n; i++) out[i * n + i]! += 1e-6
  return out
}
