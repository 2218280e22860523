import type { LeftOut } from '../../../../src-shared/contract/account.ts'
import type { LabelledImages } from '../../../engine/types.ts'
import type { FileTree } from '../../formats/zip/file-tree.ts'
import type { LabelledEntries } from './image-entry.ts'
import type { StatedPixels } from './typed-pixels.ts'
import type { DecodeOptions } from './decoded-images.ts'

export const IMAGE_SET_KINDS = [
  'tiny-imagenet',
  'imagenet',
  'image-folder',
  'cifar-10',
  'cifar-100',
  'mnist',
  'svhn',
  'numpy',
  'corrupted',
] as const
export type ImageSetKind = (typeof IMAGE_SET_KINDS)[number]

/** Parts as they are called on disk; which part validates is the config's decision. */
export type PartName = 'train' | 'val' | 'test'

/** A classification set as found on disk. */
export interface ImageSet {
  readonly kind: ImageSetKind
  /** Ids of the classes in label order: folder names, wnids. */
  readonly classIds: readonly string[]
  /** Names a person reads, in label order. */
  readonly classNames: readonly string[]
  readonly parts: Readonly<Partial<Record<PartName, LabelledImages>>>
  /** Encoded images of all parts with their labels, where they were asked for instead of decoded ones. */
  readonly encoded?: Readonly<Partial<Record<PartName, LabelledEntries>>>
  /** Images found without a label. */
  readonly unlabelled: number
  /** Paths of the files that are used or named in `left`, as far as they were not read one by one. */
  readonly seen?: readonly string[]
  /** What the source held and the set does not. */
  readonly left: readonly LeftOut[]
  /** What else the layout tells, in reading order. */
  readonly notes?: readonly { readonly label: string; readonly value: string }[]
}

export interface OpenImageSetOptions extends DecodeOptions {
  /** Take the set for this kind instead of looking at its files. */
  readonly kind?: ImageSetKind
  /** What the user says about the numbers of the images; only arrays leave that open. */
  readonly stated?: StatedPixels
  /** Encoded images are listed and not decoded: enough to say what the set is. */
  readonly decode?: false
  /** Only these parts are decoded. */
  readonly parts?: readonly PartName[]
}

/** What a reader found. */
export type FoundSet = Omit<ImageSet, 'left'> & Partial<Pick<ImageSet, 'left'>>

/** One way to lay out a set on disk. `detect` looks at names only. */
export interface ImageSetReader {
  readonly kind: ImageSetKind
  detect(tree: FileTree): boolean
  /** `left` names what the layout itself explains; files that nothing explains are added by the caller. */
  open(tree: FileTree, options: OpenImageSetOptions): Promise<FoundSet>
}
