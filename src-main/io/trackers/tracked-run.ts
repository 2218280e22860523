/** A run as experiment trackers see one: what it was given, what was measured when, and how it ended. */
export interface TrackedRun {
  readonly id: string
  readonly name: string
  /** Repeats of one setting share it. */
  readonly group: string
  readonly status: 'finished' | 'failed' | 'stopped' | 'running'
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endedAt: number | null
  /** Options by their path, `model.config.in_channels`. */
  readonly options: ReadonlyMap<string, boolean | number | string>
  /** The whole config as YAML. */
  readonly config: string
  readonly notes: string
  readonly tags: readonly string[]
  readonly curves: readonly TrackedCurve[]
  /** Scores of the final evaluation, by key. */
  readonly scores: ReadonlyMap<string, number>
  /** One number for each unit, named `V1, session, measure`. */
  readonly units: readonly { readonly name: string; readonly values: Float64Array }[]
}

/** One metric over a run; values that were not finite are NaN. */
export interface TrackedCurve {
  readonly key: string
  readonly points: readonly { readonly step: number; readonly at: number; readonly value: number }[]
}
