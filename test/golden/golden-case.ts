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
