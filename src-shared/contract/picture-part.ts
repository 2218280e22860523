import { z } from 'zod'

/** Parts of a picture set, in the order in which they are listed. */
export const pictureParts = ['train', 'val', 'test'] as const
export const picturePart = z.enum(pictureParts)
export type PicturePart = z.infer<typeof picturePart>

/** The parts in words. */
export const PART_NAMES: Readonly<Record<PicturePart, string>> = {
  train: 'training',
  val: 'validation',
  test: 'test',
}
