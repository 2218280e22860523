/** News arrives faster than eyes read; four redraws a second are enough and leave the keyboard free. */
export const REDRAW_MS = 250

/** Collects items and hands them over together, at most once per interval; the first of a burst waits no longer than that. */
export function batchUpdates<T>(
  apply: (items: readonly T[]) => void,
  intervalMs: number = REDRAW_MS,
): (item: T) => void {
  let waiting: T[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  return (item) => {
    waiting.push(item)
    timer ??= setTimeout(() => {
      const items = waiting
      waiting = []
      timer = undefined
      apply(items)
    }, intervalMs)
  }
}
