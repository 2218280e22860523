/** An answer that is worth keeping for a moment. */
export interface Recent<T> {
  /** The answer, asked for anew where it is older than it may be. Questions at the same time are one. */
  read(): Promise<T>
  /** The last answer, however old; undefined before the first. */
  known(): T | undefined
}

/** Asking takes at most this share of the time: what answers slowly is asked seldom. */
const SHARE = 0.1

/** Keeps the answer of `ask` for `keepMs` milliseconds, that of a slow one for longer. A fault is not kept. */
export function recently<T>(ask: () => Promise<T>, keepMs: number, now: () => number): Recent<T> {
  let kept: { readonly value: T; readonly until: number } | undefined
  let asking: Promise<T> | undefined
  const askNow = async (): Promise<T> => {
    const began = now()
    try {
      const value = await ask()
      const end = now()
      kept = { value, until: end + Math.max(keepMs, (end - began) / SHARE) }
      return value
    } finally {
      asking = undefined
    }
  }
  return {
    read: () =>
      kept !== undefined && now() < kept.until ? Promise.resolve(kept.value) : (asking ??= askNow()),
    known: () => kept?.value,
  }
}
