/** What building data needs from outside; the host makes it once. */
export interface DataDeps {
  /** COTRAIN_HOME: data sets and caches live below it. */
  readonly home: string
  /** Folder that relative paths of a config are seen from. */
  readonly folder: string
  /** Milliseconds, monotonic. */
  now(): number
  /** Wall clock, for creation dates in files. */
  date(): Date
  /** What is being prepared, and the done share of it where that is known. */
  progress?(text: string, fraction: number | null): void
  /** Ends long work; what was begun leaves nothing behind. */
  readonly signal?: AbortSignal
}
