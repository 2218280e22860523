import type { LeftOut } from '../../../../src-shared/contract/account.ts'
import type { ImporterKind, ImportOptions } from '../../../../src-shared/schema/importer/importers.ts'
import type { Finding } from '../../../engine/data/doctor/finding.ts'
import type { ImportChoice } from '../../canonical/import-notes.ts'
import type { CanonicalImages, CanonicalSession, CanonicalSet, ResponseKind } from '../../canonical/set.ts'

/** A session as a layout gives it, before the common rules (missing values, areas, tiers to leave out) are applied. */
export interface ImportedSession extends Omit<CanonicalSession, 'area' | 'responseKind'> {
  /** Area of all units or of each one; empty where the files say nothing. */
  readonly area: string | readonly string[]
  /** null: told by the values once missing ones are known. */
  readonly responseKind: ResponseKind | null
}

export type { ImportChoice }

export interface ImportedSet {
  readonly name: string
  readonly images: CanonicalImages
  readonly sessions: readonly ImportedSession[]
  readonly choices?: readonly ImportChoice[]
  readonly findings?: readonly Finding[]
  readonly left?: readonly LeftOut[]
  /** Paths of the files that are used or named in `left`; the others of the folder are named by the common rules. */
  readonly seen?: readonly string[]
  /** What else is worth keeping: versions, names of files. JSON. */
  readonly origin?: Readonly<Record<string, unknown>>
}

/** Hears how many of how many things are done. */
export type CountDone = (done: number, total: number) => void

/** One way in which labs store recordings. */
export interface Layout<K extends ImporterKind = ImporterKind> {
  readonly kind: K
  /** Looks at names only, never at content. */
  detect(path: string): boolean
  /** Reads everything; `workFolder` may hold decoded images until the set is written. `onDecoded` hears of images that were decoded. */
  read(
    path: string,
    options: ImportOptions<K>,
    workFolder: string,
    onDecoded?: CountDone,
  ): Promise<ImportedSet>
}

/** A layout with the rules that are common to all of them. */
export interface Importer {
  readonly kind: ImporterKind
  detect(path: string): boolean
  /** Checks the options by their schema, reads, and applies the common rules. @throws CotrainError */
  read(path: string, options: unknown, workFolder: string, onDecoded?: CountDone): Promise<CanonicalSet>
}
