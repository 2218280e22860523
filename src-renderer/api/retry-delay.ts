/** Waits double from half a second, so that a restart is noticed at once and a dead service costs nothing. */
const FIRST_MS = 500
const LONGEST_MS = 10_000

/** Pause before the n-th (from 0) attempt to connect again. */
export const retryDelayMs = (attempt: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10))
