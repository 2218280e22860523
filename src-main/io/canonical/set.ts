import type { LeftOut } from '../../../src-shared/contract/account.ts'
import type { ImageSource } from '../../engine/types.ts'
import type { NumericValues } from '../formats/hdf5/hdf5-values.ts'

/**
 * What the application's own data file holds: images, and recording sessions whose trials name an image each.
 * Every importer produces this; every reader of neural data starts from it.
 */
export interface CanonicalSet {
  readonly name: string
  /** Where it came from: importer, options, files, versions. JSON. */
  readonly provenance: Readonly<Record<string, unknown>>
  readonly images: CanonicalImages
  readonly sessions: readonly CanonicalSession[]
  /** What the source held and the set does not; told, and no part of the content. */
  readonly left?: readonly LeftOut[]
  /** Parameters of a synthetic population, by name. */
  readonly groundTruth?: ReadonlyMap<string, GroundTruth>
}

export type GroundTruth =
  number | string | { readonly shape: readonly number[]; readonly data: NumericValues }

export interface CanonicalImages {
  readonly source: ImageSource
  readonly pixelsPerDegree?: number
  readonly background?: number
  /** [images] unique; trials refer to these. */
  readonly id: Int32Array
  /** [images] class, -1 = none. */
  readonly label?: Int32Array
  readonly labelNames?: readonly string[]
  /** [images] file or class id each image came from. */
  readonly origin?: readonly string[]
}

export const RESPONSE_KINDS = ['counts', 'rate', 'dff', 'predicted'] as const
export type ResponseKind = (typeof RESPONSE_KINDS)[number]

/** 0 is split into 1 and 2 when loaded; the others are fixed by the file. */
export const TIERS = { pool: 0, train: 1, validation: 2, test: 3, finalTest: 4 } as const

export interface CanonicalSession {
  readonly key: string
  readonly subject: string
  /** V1, V4, ... */
  readonly area: string
  readonly species: string
  readonly responseKind: ResponseKind
  /** Width of a time bin and start of the first one after stimulus onset, in ms. */
  readonly binMs?: number
  readonly t0Ms?: number
  readonly trials: Trials
  readonly units: Units
  /** [trials, units, bins] row-major; NaN = missing. */
  readonly responses: Float32Array
  readonly bins: number
  /** [units] each, written by the application. */
  readonly statistics?: {
    readonly mean: Float32Array
    readonly std: Float32Array
    readonly explainableVariance?: Float32Array
  }
}

export interface Trials {
  readonly imageId: Int32Array
  readonly tier: Uint8Array
  /** Order of presentation of the same image, from 0. */
  readonly repeat?: Int32Array
  readonly timeS?: Float64Array
  /** [trials, names] row-major. */
  readonly behavior?: { readonly names: readonly string[]; readonly values: Float32Array }
  /** [trials, 2]. */
  readonly pupilCenter?: Float32Array
}

/** One row per unit; `type` codes as in nnvision: 1 isolated, 10 multi-unit, 20 LFP. */
export interface Units {
  readonly id: readonly string[]
  readonly type?: Int32Array
  readonly layer?: readonly string[]
  readonly depthUm?: Float32Array
  /** [units, 3]. */
  readonly xyzUm?: Float32Array
  readonly quality?: readonly string[]
  readonly matchId?: readonly string[]
}
