import type { Rng } from '../../../src-shared/util/rng.ts'
import type { Eigen } from '../../../src-shared/util/symmetric-eigen.ts'
import { symmetricEigen } from '../../../src-shared/util/symmetric-eigen.ts'
import type { Features, ImageMatrix } from '../eval/similarity/features.ts'
import { mean } from '../eval/measures/moments.ts'
import { quantile } from '../eval/paired-statistics.ts'
import { middle95, pearson } from '../eval/similarity/rsa.ts'

/** Penalties that are tried for each unit, as shares of the mean squared length of an image's centred features. */
const PENALTIES: readonly number[] = [-4, -3, -2, -1, 0, 1, 2, 3].map((power) => 10 ** power)

/** Positions of the images of each fold: every image is held out once, folds differ by one image at most. */
export function foldsOf(images: number, folds: number, rng: Rng): readonly Int32Array[] {
  const order = Int32Array.from(rng.permutation(images))
  return Array.from({ length: folds }, (_, f) => order.filter((_image, i) => i % folds === f))
}

/**
 * How well a layer, known by the inner products of its features, predicts each unit's responses [images, units] to images that had no part in the fit: ridge regression from its features,
 * the penalty chosen for each unit among the other images alone by leaving out each of them in turn, Pearson correlation over
 * the images of a fold, mean over folds. [units]; NaN for a unit that does not vary. The protocol of Brain-Score (Schrimpf et al.
 * 2018) with ridge in place of partial least squares; the fit is that of scikit-learn's RidgeCV with `alpha_per_target`.
 */
export function heldOutCorrelations(
  products: ImageMatrix,
  responses: Features,
  folds: readonly Int32Array[],
): Float64Array {
  const perFold = folds.map((held) => {
    const rest = Int32Array.from({ length: products.images }, (_, i) => i).filter((i) => !held.includes(i))
    return foldCorrelations(products, responses, rest, held)
  })
  return Float64Array.from({ length: responses.dims }, (_, u) => mean(perFold.map((scores) => scores[u]!)))
}

/** Correlations over the held images of a fold [units]. */
function foldCorrelations(
  products: ImageMatrix,
  responses: Features,
  rest: Int32Array,
  held: Int32Array,
): Float64Array {
  const kernel = centredKernel(products, rest, held)
  const eigen = symmetricEigen(kernel.among, rest.length)
  const shrinkages = shrinkagesOf(eigen)
  const scores = new Float64Array(responses.dims)
  for (let unit = 0; unit < responses.dims; unit++) {
    const of = (images: Int32Array): Float64Array =>
      Float64Array.from(images, (i) => responses.values[i * responses.dims + unit]!)
    const known = of(rest)
    const centre = mean(known)
    const deviations = known.map((v) => v - centre)
    const along = turned(eigen.vectors, deviations)
    const { penalty } = bestShrinkage(shrinkages, eigen, along, deviations)
    const weights = turnedBack(
      eigen.vectors,
      along.map((v, k) => v / (Math.max(0, eigen.values[k]!) + penalty)),
    )
    scores[unit] = pearson(kernel.asked(weights), of(held))
  }
  return scores
}

/** Inner products among images [n, n], and weighted sums over them for the asked images, features centred on the first. */
function centredKernel({ images, values }: ImageMatrix, rest: Int32Array, held: Int32Array) {
  const n = rest.length
  const row = (i: number): Float64Array => Float64Array.from(rest, (j) => values[i * images + j]!)
  const rows = Array.from(rest, row)
  const means = rows.map(mean)
  const whole = mean(means)
  const among = new Float64Array(n * n)
  rows.forEach((own, i) => own.forEach((v, j) => (among[i * n + j] = v - means[i]! - means[j]! + whole)))
  const across = Array.from(held, (i) => {
    const own = row(i)
    const centre = mean(own)
    return own.map((v, j) => v - centre - means[j]! + whole)
  })
  const asked = (weights: Float64Array): Float64Array =>
    Float64Array.from(across, (own) => own.reduce((sum, v, j) => sum + v * weights[j]!, 0))
  return { among, asked }
}

/** What a penalty makes of the fit, for every unit alike. */
interface Shrinkage {
  readonly penalty: number
  /** Of the responses along each eigenvector [n]. */
  readonly kept: Float64Array
  /** Part that an image has in its own prediction, the intercept included [n]. */
  readonly leverage: Float64Array
}

function shrinkagesOf({ values, vectors }: Eigen): readonly Shrinkage[] {
  const n = values.length
  const size = mean(values)
  return PENALTIES.map((share) => {
    const penalty = share * size
    const kept = values.map((v) => Math.max(0, v) / (Math.max(0, v) + penalty))
    const leverage = Float64Array.from({ length: n }, (_, i) =>
      kept.reduce((sum, part, k) => sum + part * vectors[i * n + k]! ** 2, 1 / n),
    )
    return { penalty, kept, leverage }
  })
}

/** The penalty with the least squared error over images that are left out one by one, in closed form from the leverage. */
function bestShrinkage(
  shrinkages: readonly Shrinkage[],
  { vectors }: Eigen,
  along: Float64Array,
  deviations: Float64Array,
): Shrinkage {
  const errors = shrinkages.map(({ kept, leverage }) => {
    const fitted = turnedBack(
      vectors,
      along.map((v, k) => v * kept[k]!),
    )
    return deviations.reduce((sum, v, i) => sum + ((v - fitted[i]!) / (1 - leverage[i]!)) ** 2, 0)
  })
  return shrinkages[errors.indexOf(Math.min(...errors))] ?? shrinkages[0]!
}

/** vectors' y */
function turned(vectors: Float64Array, y: Float64Array): Float64Array {
  const n = y.length
  const out = new Float64Array(n)
  for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) out[k] = out[k]! + vectors[i * n + k]! * y[i]!
  return out
}

/** vectors y */
function turnedBack(vectors: Float64Array, y: Float64Array): Float64Array {
  const n = y.length
  const out = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let k = 0; k < n; k++) sum += vectors[i * n + k]! * y[k]!
    out[i] = sum
  }
  return out
}

/** Draws of units behind an interval. */
const DRAWS = 1000

/** A summary over units with its 95 % interval over redrawn units; units without a number take no part. */
export interface OverUnits {
  readonly median: number
  readonly low: number
  readonly high: number
  readonly n: number
}

/** Median over units with a percentile interval; null where no unit has a number. */
export function medianOverUnits(scores: Float64Array, rng: Rng): OverUnits | null {
  const known = scores.filter((v) => Number.isFinite(v))
  if (known.length === 0) return null
  const draws = Float64Array.from({ length: DRAWS }, () =>
    quantile(known.map(() => known[rng.int(known.length)]!).sort(), 0.5),
  )
  return { median: quantile(known.toSorted(), 0.5), ...middle95(draws.sort()), n: known.length }
}
