import { z } from 'zod'

/** Parts of an image set, in the order in which they are listed. */
export const setParts = ['train', 'val', 'test'] as const
export const setPart = z.enum(setParts)
export type SetPart = z.infer<typeof setPart>

/** The parts in words. */
export const PART_NAMES: Readonly<Record<SetPart, string>> = {
  train: 'training',
  val: 'validation',
  test: 'test',
}
