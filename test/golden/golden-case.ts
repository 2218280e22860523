/** What a case reports: its largest error, the rule it was held to, and whether it passed. */
export interface GoldenOutcome {
  readonly maxError: number
  /** The rule in words, e.g. `rtol 1e-4`. */
  readonly tolerance: string
  readonly ok: boolean
  /** Where the largest error is, or any number that helps to judge it. */
  readonly detail?: string
  /** Why nothing was compared; such a case counts as neither passed nor failed. */
  readonly skipped?: string
  /** What the case says that has no effect here, or what of it was left out; printed below its line. */
  readonly notes?: readonly string[]
}

/** One comparison with the published code. Each `test/golden/<area>.ts` builds its cases from the files it finds. */
export interface GoldenCase {
  readonly name: string
  run(): Promise<GoldenOutcome>
}

/** What `test/golden/<area>.ts` exports. */
export interface GoldenArea {
  readonly area: string
  cases(folder: string): Promise<GoldenCase[]>
}

/**
 * Thrown where a file leaves out what must be known, or asks for what is not built here: the case is skipped with this
 * reason. Never thrown for a number that differs.
 */
export class NotComparable extends Error {}

export function notComparable(reason: string): never {
  throw new NotComparable(reason)
}
