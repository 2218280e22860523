import { keysOf } from '../../../../src-shared/util/entries-of.ts'
import type { PartName } from './image-set.ts'

const NAMES: Readonly<Record<PartName, readonly string[]>> = {
  train: ['train', 'training', 'trn'],
  val: ['val', 'valid', 'validation', 'dev', 'eval', 'evaluation'],
  test: ['test', 'testing', 'tst'],
}

export const PART_NAMES: readonly PartName[] = keysOf(NAMES)

/** The part that a folder, file or array is named after, in any case; null when it is none. */
export function partOfName(name: string): PartName | null {
  return PART_NAMES.find((part) => NAMES[part].includes(name.toLowerCase())) ?? null
}
