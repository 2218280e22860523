import { entriesOf } from '../../../../src-shared/util/entries-of.ts'
import type { LabelledImages } from '../../../engine/types.ts'
import { bytesSource } from '../../formats/base/byte-source.ts'
import type { FileTree } from '../../formats/zip/file-tree.ts'
import { readMat5From } from '../../formats/matlab/mat5.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { ImageSetReader, FoundSet, OpenImageSetOptions, PartName } from '../sources/image-set.ts'
import { memoryImages } from '../sources/memory-images.ts'

const FILES: Readonly<Partial<Record<PartName, string>>> = {
  train: 'train_32x32.mat',
  test: 'test_32x32.mat',
}
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

/** SVHN, cropped digits: X uint8 (32, 32, 3, n) and y (n, 1), in which the digit 0 is stored as 10. */
export const svhn: ImageSetReader = {
  kind: 'svhn',
  detect: (tree) => Object.values(FILES).some((name) => tree.has(name)),
  open: (tree, options) => Promise.resolve(openSvhn(tree, options)),
}

function openSvhn(tree: FileTree, options: OpenImageSetOptions): FoundSet {
  const parts: Partial<Record<PartName, LabelledImages>> = {}
  for (const [part, name] of entriesOf(FILES)) {
    if (!tree.has(name) || (options.parts && !options.parts.includes(part))) continue
    const bytes = tree.read(name)
    parts[part] = readPart(bytes, tree.pathOf(name))
  }
  return { kind: 'svhn', classIds: DIGITS, classNames: DIGITS, parts, unlabelled: 0 }
}

function readPart(bytes: Uint8Array, path: string): LabelledImages {
  const arrays = readMat5From(bytesSource(path, bytes), ['X', 'y'])
  const { shape, columnMajor } = arrays.get('X')! // both were asked for and found
  const digits = arrays.get('y')!.columnMajor
  const [height, width, channels, count] = shape as [number, number, number, number]
  if (shape.length !== 4 || channels !== 3 || !(columnMajor instanceof Uint8Array))
    throw invalidFile(path, 'X', `expected bytes of shape (32, 32, 3, n), got (${shape.join(', ')}).`)
  if (digits.length !== count)
    throw invalidFile(path, 'y', `has ${digits.length} labels, X has ${count} images.`)
  const wrong = digits.findIndex((digit) => !(digit >= 0 && digit <= 10))
  if (wrong >= 0) throw invalidFile(path, 'y', `label ${digits[wrong]} at ${wrong} is not a digit.`)
  return {
    images: memoryImages(fromColumnMajor(columnMajor, height, width, channels, count), {
      height,
      width,
      channels,
    }),
    labels: Int32Array.from(digits, (digit) => digit % 10),
    classNames: DIGITS,
  }
}

/** First axis fastest (rows, columns, channels, images) to NHWC. */
function fromColumnMajor(
  values: Uint8Array,
  height: number,
  width: number,
  channels: number,
  count: number,
): Uint8Array {
  const out = new Uint8Array(values.length)
  let from = 0
  for (let n = 0; n < count; n++)
    for (let c = 0; c < channels; c++)
      for (let x = 0; x < width; x++)
        for (let y = 0; y < height; y++) out[((n * height + y) * width + x) * channels + c] = values[from++]! // in range
  return out
}
