import { quantile } from '../paired-statistics.ts'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { RepeatedResponses } from '../measures/repeated-responses.ts'
import { mean, variance } from '../measures/moments.ts'
import { completeDimensions, type Features, type ImageMatrix } from './features.ts'
import { rdm, upperTriangle, type Dissimilarity } from './rdm.ts'

export type RsaMethod = 'spearman' | 'pearson'

/** Ranks from 1, equal values share their mean rank. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const out = new Float64Array(values.length)
  for (let from = 0; from < order.length;) {
    const value = values[order[from]!]
    let to = from
    while (to < order.length && values[order[to]!] === value) to++
    for (let k = from; k < to; k++) out[order[k]!] = (from + 1 + to) / 2
    from = to
  }
  return out
}

/** Plain Pearson correlation; NaN for a constant series. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  let products = 0
  for (let i = 0; i < a.length; i++) products += (a[i]! - meanA) * (b[i]! - meanB)
  return products / a.length / Math.sqrt(variance(a, 0) * variance(b, 0))
}

/** Spearman rank correlation, equal values at their mean rank; NaN for a constant series. */
export const spearman = (a: ArrayLike<number>, b: ArrayLike<number>): number => pearson(ranks(a), ranks(b))

/** Representational similarity of two RDMs over the same images: correlation of their upper triangles, NaN pairs left out. */
export function compareRdms(a: ImageMatrix, b: ImageMatrix, method: RsaMethod = 'spearman'): number {
  const { left, right } = knownPairs(a, b)
  return method === 'spearman' ? spearman(left, right) : pearson(left, right)
}

/** An RDM made ready to be compared with many. */
export interface ReadyRdm {
  readonly rdm: ImageMatrix
  readonly method: RsaMethod
  /** What is above the diagonal, ranked where ranks are compared; null where a pair of images has no number. */
  readonly above: Float64Array | null
}

export function readyRdm(rdm: ImageMatrix, method: RsaMethod): ReadyRdm {
  const above = upperTriangle(rdm)
  if (above.some((v) => Number.isNaN(v))) return { rdm, method, above: null }
  return { rdm, method, above: method === 'spearman' ? ranks(above) : above }
}

/** `compareRdms` without ranking the same RDM again and again. */
export const compareReady = (a: ReadyRdm, b: ReadyRdm): number =>
  a.above === null || b.above === null ? compareRdms(a.rdm, b.rdm, a.method) : pearson(a.above, b.above)

/** The pairs of images that both RDMs have a number for. */
function knownPairs(a: ImageMatrix, b: ImageMatrix) {
  if (a.images !== b.images)
    throw new RangeError(`RDMs over ${a.images} and ${b.images} images cannot be compared`)
  const [all, other] = [upperTriangle(a), upperTriangle(b)]
  const known = (_: number, i: number): boolean => !Number.isNaN(all[i]) && !Number.isNaN(other[i])
  const pairs = Array.from({ length: a.images }, (_, i) =>
    Array.from({ length: a.images - i - 1 }, (_, k) => [i, i + 1 + k] as const),
  ).flat()
  return { left: all.filter(known), right: other.filter(known), pairs: pairs.filter((_, i) => known(0, i)) }
}

/** Draws of images behind an interval: more change the second digit of its ends only. */
const DRAWS = 200

/**
 * 95 % interval of `compareRdms` over images: images are drawn anew with replacement, pairs of an image with itself left out (Nili et al.
 * 2014). Ranks stay those among all pairs. Null where a draw leaves nothing to compare.
 */
export function rsaInterval(
  a: ImageMatrix,
  b: ImageMatrix,
  method: RsaMethod,
  rng: Rng,
): { readonly low: number; readonly high: number } | null {
  const { left, right, pairs } = knownPairs(a, b)
  const [x, y] = method === 'spearman' ? [ranks(left), ranks(right)] : [left, right]
  const found = Float64Array.from({ length: DRAWS }, (_, k) => {
    const own = rng.fork(k)
    const times = new Float64Array(a.images)
    for (let i = 0; i < a.images; i++) times[own.int(a.images)]! += 1
    return weightedPearson(x, y, Float64Array.from(pairs, ([i, j]) => times[i]! * times[j]!)) // prettier-ignore
  }).sort()
  return found.every((v) => Number.isFinite(v)) ? middle95(found) : null
}

/** Ends of the middle 95 % of sorted values. */
export const middle95 = (sorted: ArrayLike<number>): { readonly low: number; readonly high: number } => ({
  low: quantile(sorted, 0.025),
  high: quantile(sorted, 0.975),
})

function weightedPearson(x: Float64Array, y: Float64Array, weights: Float64Array): number {
  let [total, sumX, sumY] = [0, 0, 0]
  for (let i = 0; i < weights.length; i++) {
    total += weights[i]!
    sumX += weights[i]! * x[i]!
    sumY += weights[i]! * y[i]!
  }
  let [xx, yy, xy] = [0, 0, 0]
  for (let i = 0; i < weights.length; i++) {
    const [a, b] = [x[i]! - sumX / total, y[i]! - sumY / total]
    xx += weights[i]! * a * a
    yy += weights[i]! * b * b
    xy += weights[i]! * a * b
  }
  return xy / Math.sqrt(xx * yy)
}

export interface NoiseCeiling {
  /** Mean over splits of the similarity between the RDMs of the two halves of the repeats. */
  readonly splitHalf: number
  /** Spearman-Brown value for all repeats, 2 r / (1 + r). */
  readonly corrected: number
  readonly images: number
  readonly splits: number
}

export interface CeilingOptions {
  readonly splits?: number
  readonly method?: RsaMethod
  readonly dissimilarity?: Dissimilarity
}

/** Random halves to average over; more change the third digit only. */
const SPLITS = 20

/** How similar the neural RDM is to itself: random halves of the repeats of every image shown at least twice. */
export function splitHalfCeiling(
  responses: RepeatedResponses,
  rng: Rng,
  options: CeilingOptions = {},
): NoiseCeiling {
  const { splits = SPLITS, method = 'spearman', dissimilarity = 'correlation' } = options
  const similarities = Array.from({ length: splits }, (_, k) => {
    const [a, b] = completeDimensions(...halves(responses, rng.fork(k)))
    return compareRdms(rdm(a, dissimilarity), rdm(b, dissimilarity), method)
  })
  const splitHalf = mean(similarities)
  const images = repeatedImages(responses).length
  return { splitHalf, corrected: (2 * splitHalf) / (1 + splitHalf), images, splits }
}

function repeatedImages({ offsets }: RepeatedResponses): readonly number[] {
  return Array.from({ length: offsets.length - 1 }, (_, i) => i).filter(
    (i) => offsets[i + 1]! - offsets[i]! > 1,
  )
}

/** Mean responses [images, units] of two random halves of the repeats; with an odd number the second half has one more. */
export function halves(responses: RepeatedResponses, rng: Rng): readonly [Features, Features] {
  const { trials, offsets } = responses
  const images = repeatedImages(responses)
  const size = images.length * trials.units
  const [first, second] = [new Float64Array(size), new Float64Array(size)]
  images.forEach((image, row) => {
    const from = offsets[image]!
    const order = rng.fork(image).permutation(offsets[image + 1]! - from)
    const cut = Math.floor(order.length / 2)
    const parts = [[first, order.subarray(0, cut)], [second, order.subarray(cut)]] as const // prettier-ignore
    for (const [out, part] of parts)
      for (let unit = 0; unit < trials.units; unit++) {
        const values = Array.from(part, (j) => trials.values[(from + j) * trials.units + unit]!)
        out[row * trials.units + unit] = mean(values.filter((value) => !Number.isNaN(value)))
      }
  })
  const features = (values: Float64Array): Features => ({ images: images.length, dims: trials.units, values })
  return [features(first), features(second)]
}
