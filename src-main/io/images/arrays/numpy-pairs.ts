import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import type { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { keysOf } from '../../../../src-shared/util/entries-of.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { PartName } from '../sources/image-set.ts'
import { PART_NAMES, partOfName } from '../sources/part-names.ts'

/** One array of a folder or archive of arrays. */
export interface NamedArray {
  /** Name without ending. */
  readonly name: string
  /** Part that the file around it is named after. */
  readonly part: PartName | null
  /** Path for messages. */
  readonly path: string
  read(): Uint8Array
}

interface ArrayPair {
  readonly images: NamedArray
  readonly labels: NamedArray
}

export interface ArrayPairs {
  readonly pairs: Readonly<Partial<Record<PartName, ArrayPair>>>
  readonly left: readonly LeftOut[]
  /** Two arrays with the same meaning, which only their owner can tell apart. */
  readonly conflict: CotrainError | null
}

type Role = 'images' | 'labels'

const ROLES: Readonly<Record<Role, readonly string[]>> = {
  images: ['x', 'image', 'images', 'imgs', 'img', 'data', 'inputs', 'pixels', 'pictures'],
  labels: ['y', 'label', 'labels', 'target', 'targets', 'classes'],
}

/** What an array's name says of its role and part: x_train, train_images, training_labels, Xtest, y; null when it says no role. */
function meaningOf({ name, part }: NamedArray): { role: Role; part: PartName } | null {
  const words = name
    .toLowerCase()
    .replace(/^([xy])(train|val|valid|test)/, '$1_$2')
    .split(/[_\-. ]+/)
  const roles = keysOf(ROLES).filter((role) => words.some((word) => ROLES[role].includes(word)))
  const parts = words.flatMap((word) => partOfName(word) ?? [])
  const [role] = roles
  if (role === undefined || roles.length > 1 || roles.length + parts.length !== words.length) return null
  return { role, part: parts[0] ?? part ?? 'train' }
}

/** Pairs of images and labels by part, by the names of the arrays. */
export function arrayPairs(arrays: readonly NamedArray[], root: string): ArrayPairs {
  let conflict: CotrainError | null = null
  const byMeaning = new Map<string, NamedArray>()
  for (const array of arrays) {
    const meaning = meaningOf(array)
    if (!meaning) continue
    const key = `${meaning.part} ${meaning.role}`
    const other = byMeaning.get(key)
    if (other) conflict ??= sameMeaning(root, [other, array], meaning)
    else byMeaning.set(key, array)
  }
  const pairs: Partial<Record<PartName, ArrayPair>> = {}
  for (const part of PART_NAMES) {
    const [images, labels] = [byMeaning.get(`${part} images`), byMeaning.get(`${part} labels`)]
    if (images && labels) pairs[part] = { images, labels }
  }
  const paired = new Set(Object.values(pairs).flatMap(({ images, labels }) => [images, labels]))
  const single = [...byMeaning.values()].filter((array) => !paired.has(array))
  const known = new Set([...paired, ...single])
  return {
    pairs,
    conflict,
    left: [
      ...leftOut(
        'split',
        single.map(({ name }) => name),
        {
          severity: 'error',
          reason: 'images and labels of a part go together, and the other half of this one is not there.',
          fix: 'Add the missing array, or take this one out.',
        },
      ),
      ...leftOut(
        'array',
        arrays.filter((array) => !known.has(array)).map(({ name }) => name),
        {
          severity: 'warning',
          reason: 'its name is neither that of images nor of labels.',
          fix: 'Rename it, such as x_train and y_train, if it belongs to the set.',
        },
      ),
    ],
  }
}

const sameMeaning = (
  root: string,
  [a, b]: readonly [NamedArray, NamedArray],
  { role, part }: { role: Role; part: PartName },
): CotrainError =>
  invalidFile(
    root,
    `${a.name} and ${b.name}`,
    `both are named after the ${role} of the part "${part}".`,
    'Keep one of them in this place, or rename the other.',
  )
