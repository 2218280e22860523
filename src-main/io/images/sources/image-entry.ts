import type { FileTree } from '../../formats/zip/file-tree.ts'

/** One encoded image of a folder or archive. */
export interface ImageEntry {
  /** Path for messages. */
  readonly path: string
  readonly size: number
  /** Changes when the content may have changed. */
  readonly stamp: string
  read(): Uint8Array
}

/** Encoded images with their labels. */
export interface LabelledEntries {
  readonly entries: readonly ImageEntry[]
  readonly labels: Int32Array
}

/** Extensions torchvision's ImageFolder takes, other endings of JPEG, and GIF (its first frame). */
const EXTENSIONS = /\.(jpg|jpeg|jpe|jfif|pjpeg|pjp|png|ppm|bmp|dib|pgm|tif|tiff|webp|gif)$/i

export const isImageName = (name: string): boolean => EXTENSIONS.test(name)

/** The images of a tree for which `keep` holds, in sorted order, with their names below the root. */
export function imageEntries(
  tree: FileTree,
  keep: (name: string) => boolean = () => true,
): { name: string; entry: ImageEntry }[] {
  return tree.files
    .filter(({ name }) => isImageName(name) && keep(name))
    .map(({ name, size, stamp }) => ({
      name,
      entry: { path: tree.pathOf(name), size, stamp, read: () => tree.read(name) },
    }))
}
