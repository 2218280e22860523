/** Lets so many through at once and so many a second on average. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** A page that shows 50 runs asks a few hundred times at once; nobody asks so often for long. */
export const CALLS: Rate = { burst: 600, perSecond: 60 }
/** Wrong cookies and links: a guess in a million years, and no load. */
export const REFUSALS: Rate = { burst: 600, perSecond: 5 }

/** Whether one more may pass now; `now` in milliseconds. */
export function rateLimit(
  { burst, perSecond }: Rate,
  now: () => number = () => performance.now(),
): () => boolean {
  let left = burst
  let last = now()
  return () => {
    const at = now()
    left = Math.min(burst, left + ((at - last) / 1000) * perSecond)
    last = at
    if (left < 1) return false
    left -= 1
    return true
  }
}
