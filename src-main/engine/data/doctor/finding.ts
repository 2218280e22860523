/** error: a run on this data would be wrong. warning: look at it first. info: good to know. */
type Severity = 'error' | 'warning' | 'info'

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
  readonly where?: FindingPlace
  /** Values that one step turns into missing ones. */
  readonly missing?: (number | 'inf' | '-inf')[]
}

/** Where a finding lies, as far as it lies somewhere. */
interface FindingPlace {
  readonly file?: string
  /** Array or column: responses, labels, trials/image_id. */
  readonly field?: string
  /** Part of a classification set. */
  readonly part?: string
  readonly session?: string
  /** The first of the units and of the positions of images that are meant. */
  readonly units?: string[]
  readonly images?: number[]
}

/** Units or images that a finding names one by one: more than anybody looks at. */
const MOST_PLACES = 200

/** The first places of a finding, as many as a report names. */
export const firstPlaces = <T>(items: Iterable<T>): T[] => [...items].slice(0, MOST_PLACES)

/** The first few of many, for messages. */
export function nameSome(items: readonly (string | number)[], most = 8): string {
  const shown = items.slice(0, most).join(', ')
  return items.length > most ? `${shown} and ${items.length - most} more` : shown
}
