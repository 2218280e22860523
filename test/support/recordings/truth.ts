import type { Rng } from '../../../src-shared/util/rng.ts'

/** What a recording is, before any format stores it. */
export interface Truth {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** [images] bytes [height, width, channels] of each; no two are equal. */
  readonly images: readonly Uint8Array[]
  readonly units: readonly string[]
  readonly trials: readonly Trial[]
}

interface Trial {
  /** Position of the image. */
  readonly image: number
  readonly tier: Tier
  /** [units] NaN where nothing was recorded. */
  readonly responses: readonly number[]
}

export const TIERS = ['pool', 'train', 'validation', 'test'] as const
type Tier = (typeof TIERS)[number]

const pick = <T>(rng: Rng, values: readonly T[]): T => values[rng.int(values.length)] as T // below the length

export interface Wishes {
  readonly channels?: number
  /** Every image in every tier alike, as formats without tiers store it. */
  readonly tiers?: readonly Tier[]
  readonly counts?: boolean
  readonly missing?: boolean
}

/** A small random recording: sizes that often coincide, repeats, missing values, units in any order. */
export function makeTruth(rng: Rng, wishes: Wishes = {}): Truth {
  const { tiers = TIERS, counts = rng.uniform() < 0.3, missing = rng.uniform() < 0.4 } = wishes
  const channels = wishes.channels ?? pick(rng, [1, 1, 3])
  const [height, width] = [3 + rng.int(6), 3 + rng.int(6)]
  const count = 2 + rng.int(9)
  const units = Array.from(rng.permutation(2 + rng.int(7)), (n) => String(n + 10))
  const images = Array.from({ length: count }, (_, i) =>
    Uint8Array.from({ length: height * width * channels }, (_, p) => (p === 0 ? i : rng.int(256))),
  )
  const tierOf = Array.from({ length: count }, () => pick(rng, tiers))
  const trials = Array.from({ length: count + rng.int(12) }, (_, t): Trial => {
    // Some recordings never show the first or the last image.
    const image = t < count && rng.uniform() < 0.8 ? t : rng.int(count)
    const value = (): number => (counts ? rng.poisson(3) : Math.fround(0.01 + 4 * rng.uniform()))
    const responses = units.map(() => (missing && rng.uniform() < 0.1 ? NaN : value()))
    return {
      image,
      tier: tierOf[image] as Tier,
      responses: responses.every(Number.isNaN) ? units.map(value) : responses,
    }
  })
  return { height, width, channels, images, units, trials }
}

/** A recording as a format stores it, and how to import it. */
export interface Written {
  readonly path: string
  readonly kind: string
  readonly options: Readonly<Record<string, unknown>>
  /** The format keeps no tiers (all are the pool), or no names of units (they are numbered). */
  readonly forgets?: readonly ('tiers' | 'units')[]
}

export { pick }
