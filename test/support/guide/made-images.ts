import type { PartName } from '../../../src-main/io/images/sources/image-set.ts'

/** What a set of the guide holds: `label:level` of each image, where level is its first pixel from 0 (black) to 255. */
export interface MadeImages {
  readonly kind: string
  readonly classNames: readonly string[]
  readonly parts: Readonly<Partial<Record<PartName, string>>>
}

/** Writes the set of an example below a folder and says what it holds. */
export type MakeImages = (folder: string) => Promise<MadeImages> | MadeImages
