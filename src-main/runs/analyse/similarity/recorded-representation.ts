import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { RepeatedResponses } from '../../../engine/eval/measures/repeated-responses.ts'
import { meanPerImage } from '../../../engine/eval/measures/repeated-responses.ts'
import type { Features } from '../../../engine/eval/similarity/features.ts'
import { splitHalfCeiling } from '../../../engine/eval/similarity/rsa.ts'
import { unitCeilings } from '../../../engine/eval/similarity/unit-ceilings.ts'
import type { ImageSet } from './image-set.ts'
import type { Representation, SimilarityOptions } from './representations.ts'
import { representationOf } from './representations.ts'

/** Mean responses of a session to the images, with what their noise allows. */
export interface RecordedRepresentation {
  readonly session: string
  /** [images, units]: those with a response to every image. */
  readonly responses: Features
  /** Null with fewer units than a pattern over units needs. */
  readonly representation: Representation | null
  /** Of each unit's correlation; null where an image was shown once. */
  readonly unitCeilings: Float64Array | null
  /** Of RSA; null where an image was shown once. */
  readonly rsaCeiling: number | null
  readonly notes: readonly string[]
}

/** A correlation over units needs at least that many. */
const LEAST_UNITS = 3

export function recordedRepresentation(
  { session, responses }: NonNullable<ImageSet['recorded']>,
  options: SimilarityOptions,
  rng: Rng,
): RecordedRepresentation {
  const kept = wholeUnits(responses)
  const all = responses.trials.units
  const repeats = shortest(kept)
  const means = featuresOf(kept)
  const hasPattern = kept.trials.units >= LEAST_UNITS
  const { corrected } = repeats > 1 && hasPattern ? splitHalfCeiling(kept, rng.fork('rsa'), { method: options.rsa, dissimilarity: options.dissimilarity }) : { corrected: NaN } // prettier-ignore
  return {
    session,
    responses: means,
    representation: hasPattern ? representationOf(means, options) : null,
    unitCeilings: repeats > 1 ? unitCeilings(kept, rng.fork('units')) : null,
    rsaCeiling: corrected > 0 ? Math.sqrt(corrected) : null,
    notes: [
      ...(kept.trials.units < all
        ? [`${all - kept.trials.units} of ${all} units lack a response to some image and are left out.`]
        : []),
      ...(repeats > 1 ? [] : ['Some images were shown once: there is no ceiling, and nothing is corrected for noise.']),
      ...(hasPattern ? [] : [`${kept.trials.units} units make no pattern: the responses are predicted, not compared by RDM and CKA.`]),
    ], // prettier-ignore
  }
}

const shortest = ({ offsets }: RepeatedResponses): number =>
  Array.from(offsets.subarray(1), (to, i) => to - offsets[i]!).reduce((a, b) => Math.min(a, b), Infinity)

const featuresOf = (responses: RepeatedResponses): Features => {
  const { rows, units, values } = meanPerImage(responses)
  return { images: rows, dims: units, values: Float64Array.from(values) }
}

/** Only units with a response to every image, so that all layers are compared with the same ones. */
function wholeUnits({ trials, offsets }: RepeatedResponses): RepeatedResponses {
  const means = meanPerImage({ trials, offsets })
  const kept = Array.from({ length: trials.units }, (_, u) => u).filter((u) => {
    for (let i = 0; i < means.rows; i++) if (Number.isNaN(means.values[i * means.units + u])) return false
    return true
  })
  const values = Float64Array.from(
    { length: trials.rows * kept.length },
    (_, k) => trials.values[Math.floor(k / kept.length) * trials.units + kept[k % kept.length]!]!,
  )
  return { trials: { rows: trials.rows, units: kept.length, values }, offsets }
}
