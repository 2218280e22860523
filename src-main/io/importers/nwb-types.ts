import type { CommonOptions } from './importer.ts'

export interface NwbOptions extends CommonOptions {
  /** Table below /intervals with a row per presentation; found when there is only one that names images. */
  readonly table?: string
  /** Its column with the number or name of the image. */
  readonly imageColumn?: string
  /** Its column with the tier; all trials are the pool otherwise. */
  readonly tierColumn?: string
  /** Group of /stimulus/templates or /stimulus/presentation with the pictures. */
  readonly images?: string
  /** Start of the window after stimulus onset and width of one bin, in ms; number of bins. */
  readonly t0Ms?: number
  readonly binMs?: number
  readonly bins?: number
  /** Units kept: those whose `quality` column has one of these values. */
  readonly quality?: readonly string[]
  /** `spikes`, or the path of a RoiResponseSeries. */
  readonly signal?: string
}

/** One showing of one picture. */
export interface Presentation {
  readonly startS: number
  readonly image: number
  readonly tier?: string | number
  /** For messages. */
  readonly where: string
}

export interface Measured {
  readonly unitIds: readonly string[]
  readonly quality?: readonly string[]
  /** [trials, units, bins]. */
  readonly responses: Float32Array
}

export interface Window {
  readonly t0Ms: number
  readonly binMs: number
  readonly bins: number
}
