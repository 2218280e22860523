/** What a repair does with a finding; each loses nothing and may be done again after it was interrupted. */
export type Mend =
  /** Moves the file or folder into the dated folder of the repair. */
  | { readonly kind: 'move' }
  /** Copies what comes after byte `from` there, then ends the file at that byte. */
  | { readonly kind: 'cut'; readonly from: number }
  /** Removes the lock of a process that is gone. */
  | { readonly kind: 'unlock' }

/** One thing that is not as it should be. */
export interface StoreFinding {
  /** Below the home. */
  readonly path: string
  /** The run that it belongs to. */
  readonly run: string | null
  readonly problem: string
  /** What cannot be had any more, or why nothing is missing. */
  readonly lost: string
  /** What `cotrain store repair` would do; null where a person must decide. */
  readonly repair: string | null
  readonly mend: Mend | null
}

export interface StoreCheck {
  readonly home: string
  readonly runs: number
  /** Runs that a process works on: their files change, so they were not looked into. */
  readonly atWork: readonly string[]
  readonly findings: readonly StoreFinding[]
}

/** A temporary file that is older than this belongs to nobody who still writes. */
export const LEFTOVER_MS = 10 * 60_000

const WORDS: Record<Mend['kind'], string> = {
  move: 'move it aside',
  cut: 'copy the torn line aside, then end the file before it',
  unlock: 'remove the lock',
}

/** A finding with the words of its repair. */
export const finding = (
  about: Pick<StoreFinding, 'path' | 'run' | 'problem' | 'lost'>,
  mend: Mend | null = null,
): StoreFinding => ({ ...about, mend, repair: mend === null ? null : WORDS[mend.kind] })
