import type { Rng } from '../../../../src-shared/util/rng.ts'
import { mean } from '../measures/moments.ts'
import type { RepeatedResponses } from '../measures/repeated-responses.ts'
import { halves, pearson } from './rsa.ts'

/** Random halves to average over. */
const SPLITS = 20

/**
 * The best correlation that any prediction can reach with the mean over the repeats of each unit: the square root of its reliability, which is the
 * correlation of random halves of the repeats, mean over splits, by Spearman and Brown for all of them (Spearman 1904 on attenuation).
 * Images with one repeat take no part. [units]; NaN for a unit without reliable responses.
 */
export function unitCeilings(responses: RepeatedResponses, rng: Rng): Float64Array {
  const { units } = responses.trials
  const splits = Array.from({ length: SPLITS }, (_, k) => halves(responses, rng.fork(k)))
  return Float64Array.from({ length: units }, (_, u) => {
    const half = mean(
      splits.map(([a, b]) => {
        const of = (values: ArrayLike<number>): Float64Array =>
          Float64Array.from({ length: a.images }, (_, i) => values[i * units + u]!)
        return pearson(of(a.values), of(b.values))
      }),
    )
    return half > 0 ? Math.sqrt((2 * half) / (1 + half)) : NaN
  })
}
