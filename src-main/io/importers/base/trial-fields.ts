import type { ResponseKind } from '../../canonical/set.ts'
import type { NumpyValues } from '../../formats/numpy/numpy-dtype.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { Area } from '../../../../src-shared/schema/names.ts'

/** How often each trial's image came before it: 0 for the first presentation. */
export function repeatNumbers(imageId: Int32Array): Int32Array {
  const seen = new Map<number, number>()
  return imageId.map((id) => {
    const before = seen.get(id) ?? 0
    seen.set(id, before + 1)
    return before
  })
}

/** Columns of a table of trials: behaviour by name, and the two axes of the eye position. */
export const BEHAVIOR_PREFIX = 'behavior_'
export const PUPIL_COLUMNS = ['pupil_x', 'pupil_y'] as const

/** Numbers that must be whole and fit 32 bits: ids, labels, repeats. */
export function parseIds(values: NumpyValues, file: string, what: string): Int32Array {
  return Int32Array.from(Array.from<string | number>(values), (value, i) => {
    const id = typeof value === 'string' && value.trim() === '' ? NaN : Number(value)
    if (id === (id | 0)) return id
    const isBig = Number.isInteger(id)
    throw invalidFile(
      file,
      what,
      `value ${String(value)} at ${i} is ${isBig ? 'beyond 2^31, too large for a number that counts' : 'not a whole number'}.`,
      isBig
        ? 'Number the images from 0, or name each image in the file and in the mapping (images.ids).'
        : '',
    )
  })
}

/**
 * Ids of images that are told apart by their content as well: null where they are text or beyond 32 bits, since they name
 * and do not count then.
 */
export function countingIds(values: NumpyValues, file: string, what: string): Int32Array | null {
  const isName = (value: string | number): boolean =>
    typeof value === 'string' ? !/^\d{1,9}$/.test(value) : Number.isInteger(value) && value !== (value | 0)
  return Array.from<string | number>(values).some(isName) ? null : parseIds(values, file, what)
}

/** Numbers as float32; text is an error. */
export function parseFloats(values: NumpyValues, file: string, what: string): Float32Array {
  if (Array.isArray(values)) throw invalidFile(file, what, 'holds text, expected numbers.')
  return values instanceof Float32Array ? values : Float32Array.from(values)
}

/** Unit numbers as text, 0..n-1 where the file names none. */
export const unitNames = (values: NumpyValues | null, count: number): string[] =>
  values
    ? Array.from<string | number>(values).map(String)
    : Array.from({ length: count }, (_, i) => String(i))

/** The area that a folder names, such as `macaque_v1_tang`; null when it names none or both. */
export function areaInName(name: string): Area | null {
  const found = new Set(
    Array.from(name.toLowerCase().matchAll(/(?:^|[^a-z0-9])v([14])(?![0-9])/g), ([, n]) => n),
  )
  return found.size === 1 ? (found.has('1') ? 'v1' : 'v4') : null
}

/** Kind of response by the values: below zero is fluorescence change, whole numbers are counts. */
export function guessResponseKind(values: Float32Array): ResponseKind {
  if (values.some((value) => value < 0)) return 'dff'
  return values.every((value) => Number.isNaN(value) || Number.isInteger(value)) ? 'counts' : 'rate'
}
