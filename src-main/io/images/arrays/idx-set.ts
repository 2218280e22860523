import type { LabelledImages } from '../../../engine/types.ts'
import { type IdxArray, readIdx } from '../../formats/tensors/idx.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { memoryImages } from '../sources/memory-images.ts'

/** Images [n, rows, columns] and labels [n] of a pair of IDX files as one set of grey images. */
export function readIdxPair(
  imagesPath: string,
  labelsPath: string,
  classNames: readonly string[],
): LabelledImages {
  const paths = { images: imagesPath, labels: labelsPath }
  return labelledIdx(readIdx(imagesPath, 3), readIdx(labelsPath, 1), paths, classNames)
}

/** Joins the two arrays; `paths` are for messages. */
export function labelledIdx(
  images: IdxArray,
  labels: IdxArray,
  paths: { readonly images: string; readonly labels: string },
  classNames: readonly string[],
): LabelledImages {
  const [count, height, width] = images.shape as [number, number, number] // 3 axes were asked for
  if (labels.data.length !== count)
    throw invalidFile(
      paths.labels,
      4,
      `has ${labels.data.length} labels, ${paths.images} has ${count} images.`,
      'Choose the two files of one set.',
    )
  const wrong = labels.data.findIndex((label) => label >= classNames.length)
  if (wrong >= 0)
    throw invalidFile(
      paths.labels,
      8 + wrong,
      `label ${labels.data[wrong]} is not below the number of classes, ${classNames.length}.`,
    )
  return {
    images: memoryImages(images.data, { height, width, channels: 1 }),
    labels: Int32Array.from(labels.data),
    classNames,
  }
}
