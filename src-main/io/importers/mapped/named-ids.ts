import type { NumpyValues } from '../../formats/numpy/numpy-dtype.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { Place } from '../base/ids-and-axes.ts'

/** Ids of images as the set keeps them, 32-bit numbers, and how those of trials are found. */
export interface ImageIds {
  readonly id: Int32Array
  /** What the file calls the images; null where its numbers are the ids. */
  readonly names: readonly string[] | null
}

const isSmall = (value: string | number): boolean => typeof value === 'number' && value === (value | 0)

/** Ids beyond 32 bits and text are names: the images are numbered in order. @throws CotrainError for names that stand twice. */
export function imageIds(values: NumpyValues, place: Place): ImageIds {
  const all = Array.from<string | number>(values)
  if (all.every(isSmall)) return { id: Int32Array.from(all, Number), names: null }
  const names = all.map((value) => nameOf(value, place))
  const seen = new Set<string>()
  const twice = names.find((name) => seen.size === seen.add(name).size)
  if (twice !== undefined)
    throw invalidFile(place.file, place.field, `names two images "${twice}".`, 'Give each image its own id.')
  return { id: Int32Array.from(names, (_, i) => i), names }
}

/** Numbers of the images that trials name. @throws CotrainError for names that no image has. */
export function namedIds(values: NumpyValues, names: readonly string[], place: Place): Int32Array {
  const places = new Map(names.map((name, i) => [name, i]))
  return Int32Array.from(Array.from<string | number>(values), (value, trial) => {
    const name = nameOf(value, place)
    const found = places.get(name)
    if (found !== undefined) return found
    throw invalidFile(
      place.file,
      place.field,
      `trial ${trial} shows image ${name}, which does not exist; the images are called ${names.slice(0, 3).join(', ')}, ...`,
      'Choose the array of image ids that belongs to these images.',
    )
  })
}

/** 64-bit numbers are read as doubles, in which neighbours above 2^53 are one. */
function nameOf(value: string | number, { file, field }: Place): string {
  if (typeof value === 'string') return value.trim()
  if (Number.isSafeInteger(value)) return String(value)
  throw invalidFile(
    file,
    field,
    `the id ${value} is ${Number.isInteger(value) ? 'beyond 2^53, where numbers cannot be told apart' : 'no whole number'}.`,
    'Write the ids as text.',
  )
}
