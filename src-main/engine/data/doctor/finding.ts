/** error: a run on this data would be wrong. warning: look at it first. info: good to know. */
export type Severity = 'error' | 'warning' | 'info'

/** One observation about a data set, with why it matters and what to do. */
export interface Finding {
  /** Stable name, such as `dead-units`. */
  readonly code: string
  readonly severity: Severity
  /** What was found, with numbers. */
  readonly message: string
  /** Why it matters. */
  readonly reason: string
  /** What to do about it. */
  readonly fix: string
}

/** The first few of many, for messages. */
export function nameSome(items: readonly (string | number)[], most = 8): string {
  const shown = items.slice(0, most).join(', ')
  return items.length > most ? `${shown} and ${items.length - most} more` : shown
}
