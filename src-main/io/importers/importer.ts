import type { NeuralSet } from '../../engine/types.ts'
import type { CanonicalSet, ResponseKind } from '../canonical/set.ts'

/** What every importer needs to be told and cannot know from the files. */
export interface CommonOptions {
  /** Name of the set. */
  readonly name?: string
  readonly area?: NeuralSet
  readonly subject?: string
  readonly species?: string
  readonly responseKind?: ResponseKind
  readonly binMs?: number
  readonly t0Ms?: number
}

/** One way in which labs store recordings. */
export interface Importer<Options extends CommonOptions = CommonOptions> {
  readonly kind: string
  /** Looks at names only, never at content. */
  detect(path: string): boolean
  /** Reads everything; `workFolder` may hold decoded pictures until the set is written. */
  read(path: string, options: Options, workFolder: string): Promise<CanonicalSet>
}
