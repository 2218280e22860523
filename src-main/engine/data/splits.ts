import { numpyRandom } from '../../../src-shared/util/numpy-random.ts'
import { createRng } from '../../../src-shared/util/rng.ts'

/** Positions of two disjoint parts. */
export interface Split {
  readonly train: Int32Array
  readonly validation: Int32Array
}

export interface ImageSplitOptions {
  /** Fraction that validates. */
  readonly validSize: number
  readonly shuffle: boolean
  readonly seed: number
}

/** The published split of a training set of n images: shuffled with NumPy's generator, the first floor(v n) validate. */
export function splitImages(n: number, { validSize, shuffle, seed }: ImageSplitOptions): Split {
  const order = Int32Array.from({ length: n }, (_, i) => i)
  if (shuffle) numpyRandom(seed).shuffle(order)
  const count = Math.floor(validSize * n)
  return { validation: order.slice(0, count), train: order.slice(count) }
}

export interface NeuralSplitOptions {
  /** Fraction of the images that trains. */
  readonly trainFrac: number
  readonly seed: number
  /** Permute ids 1..n as published instead of the ids 0..n-1 that exist. */
  readonly legacy: boolean
  /** Images that are split; fewer than `n` for the one published set whose test images come last. */
  readonly limit?: number
}

/**
 * Which of n images train: 1 in the training part, 0 in the validation part, 2 in neither. The split is over images and
 * common to all sessions, so that no image trains in one session and validates in another.
 */
export function splitNeuralImages(
  n: number,
  { trainFrac, seed, legacy, limit = n }: NeuralSplitOptions,
): Uint8Array {
  const order = Array.from({ length: Math.floor(limit) }, (_, i) => i + (legacy ? 1 : 0))
  numpyRandom(seed).shuffle(order)
  const count = Math.floor(limit * trainFrac)
  const part = new Uint8Array(n).fill(2)
  order.forEach((id, at) => {
    if (id < n) part[id] = at < count ? 1 : 0
  })
  return part
}

/** Sorted first floor(n f) of `numpy.random.RandomState(seed).permutation(n)`: the images kept for testing. */
export function chooseTestImages(n: number, fraction: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i)
  numpyRandom(seed).shuffle(order)
  const rounding = 1e-9 // 0.3 * 10 is just below 3
  return order.slice(0, Math.floor(n * fraction + rounding)).sort()
}

export interface TrialChoice {
  readonly fraction: number
  readonly seed: number
  readonly session: string
  /** Draw other trials for other fractions. */
  readonly randomize: boolean
}

/** Sorted choice of floor(T f) out of T trials, from a stream of the session's own. */
export function chooseTrials(
  trials: number,
  { fraction, seed, session, randomize }: TrialChoice,
): Int32Array {
  const rng = createRng(seed).fork('choice of trials').fork(session)
  const order = (randomize ? rng.fork(String(fraction)) : rng).permutation(trials)
  return Int32Array.from(order.slice(0, Math.floor(trials * fraction))).sort()
}

/**
 * Exchanges whole response vectors at random within each tier, so that units stay aligned and images do not. Returns for
 * each trial the trial whose responses it takes.
 */
export function shuffleWithinTiers(tier: Uint8Array, seed: number, session: string): Int32Array {
  const source = new Int32Array(tier.length)
  const rng = createRng(seed).fork('shuffled responses').fork(session)
  for (const value of new Set(tier)) {
    const trials = Array.from(tier.keys()).filter((t) => tier[t] === value)
    const order = rng.fork(value).permutation(trials.length)
    trials.forEach((trial, i) => (source[trial] = trials[order[i]!]!))
  }
  return source
}
