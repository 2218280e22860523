import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { ImportChoice } from '../base/importer.ts'
import type { NwbImages } from './nwb-images.ts'

/** A column that may name the image of each presentation. */
export interface ImageColumn {
  readonly name: string
  readonly values: readonly (string | number)[]
}

/** Position of each presentation's image; null where none was shown. */
export interface ResolvedImages {
  readonly image: readonly (number | null)[]
  readonly choices: readonly ImportChoice[]
}

interface Stated {
  readonly imageBy?: 'name' | 'position'
  readonly idsFrom?: 0 | 1
}

interface Reading extends ResolvedImages {
  readonly column: string
  readonly how: string
}

const BLANK = /^(|blank|omitted|gr[ae]y|none|nan|n\/a|spontaneous)$/i

/** No image at all: a blank, an omitted or a grey screen, -1 or NaN. */
const isBlank = (value: string | number, names: readonly string[] | null): boolean =>
  typeof value === 'number'
    ? !(value >= 0)
    : !(names?.includes(value) ?? false) && (BLANK.test(value.trim()) || Number(value) < 0)

/**
 * Which image each presentation shows. Text is a name. A number is a name, or a place counted from 0 or 1: all readings
 * that fit every presentation are looked at. @throws CotrainError where several differ, listing them with the option, or none fits.
 */
export function resolveImages(
  columns: readonly ImageColumn[],
  images: NwbImages,
  stated: Stated,
  { file, path, isSeries }: { file: string; path: string; isSeries: boolean },
): ResolvedImages {
  const readings = columns.flatMap((column) => readingsOf(column, images, stated, isSeries))
  const keys = readings.map(({ image }) => image.join())
  const distinct = readings.filter((_, i) => keys.indexOf(keys[i] ?? '') === i)
  const [only] = distinct
  const place = `${path}/${columns.map(({ name }) => name).join(', ')}`
  if (only === undefined) throw noneFits(columns, images, file, place)
  if (distinct.length > 1)
    throw invalidFile(
      file,
      place,
      `its entries can be read in ${distinct.length} ways: ${distinct.map(({ column, how }) => `${column} ${how}`).join('; ')}.`,
      'Say which with the options imageColumn, imageBy ("name" or "position") and idsFrom (0 or 1).',
      ['imageColumn', 'imageBy', 'idsFrom'],
    )
  return only
}

function readingsOf(column: ImageColumn, images: NwbImages, stated: Stated, isSeries: boolean): Reading[] {
  const { names } = images
  const count = images.images.id.length
  const by = (how: string, find: (value: string | number) => number | null): Reading[] => {
    const image = column.values.map((value) => (isBlank(value, names) ? null : find(value)))
    const fits = image.every((found, i) => found !== null || isBlank(column.values[i]!, names)) // i < length
    if (!fits || image.every((found) => found === null)) return []
    const decided = stated.imageBy ?? stated.idsFrom
    const choices: ImportChoice[] = [
      {
        what: 'Image of each presentation',
        value: `${column.name}, ${how}`,
        by: decided === undefined ? 'fit' : 'option',
      },
    ]
    return [{ image, column: column.name, how, choices }]
  }
  const named = (value: string | number): number | null => {
    const exact = names?.indexOf(String(value)) ?? -1
    if (exact >= 0) return exact
    const numbered = numbersIn(names)?.get(Number(value))
    return numbered ?? null
  }
  const placed =
    (from: 0 | 1) =>
    (value: string | number): number | null => {
      const at = typeof value === 'string' && value.trim() === '' ? NaN : Number(value) - from
      return Number.isInteger(at) && at >= 0 && at < count ? at : null
    }
  // Entries of an index series count from 0 by the schema; places are known only where the file orders its images.
  const isPlaced = images.isOrdered || numbersIn(names) !== null || stated.imageBy === 'position'
  const froms = ([0, 1] as const).filter((from) =>
    stated.idsFrom === undefined ? from === 0 || !isSeries : from === stated.idsFrom,
  )
  const usesNames = stated.imageBy !== 'position' && !(isSeries && images.isOrdered)
  return [
    ...(usesNames && (stated.idsFrom === undefined || stated.imageBy === 'name') ? by('by name', named) : []),
    ...(isPlaced && stated.imageBy !== 'name'
      ? froms.flatMap((from) => by(`by place, counted from ${from}`, placed(from)))
      : []),
  ]
}

/** Image of each number, where every name holds exactly one number and no two the same: '1' .. '8', image_003. */
function numbersIn(names: readonly string[] | null): ReadonlyMap<number, number> | null {
  if (names === null) return null
  const numbers = names.map((name) => /^\D*(\d+)\D*$/.exec(name)?.[1])
  const found = new Map(numbers.map((text, i) => [Number(text ?? NaN), i]))
  return numbers.every((text) => text !== undefined) && found.size === names.length ? found : null
}

function noneFits(
  columns: readonly ImageColumn[],
  { names, images, isOrdered, path }: NwbImages,
  file: string,
  place: string,
): Error {
  const [column] = columns
  const values = (column?.values ?? []).filter((value) => !isBlank(value, names))
  const numbers = values.map(Number).filter((value) => Number.isFinite(value))
  const told =
    numbers.length === values.length && numbers.length > 0
      ? `the ids here are ${numbers.reduce((a, b) => Math.min(a, b))} to ${numbers.reduce((a, b) => Math.max(a, b))}`
      : `such as "${String(values[0] ?? '').slice(0, 60)}"`
  const unordered =
    names !== null && !isOrdered && numbersIn(names) === null && numbers.length === values.length
  return invalidFile(
    file,
    place,
    unordered
      ? `counts images (${told}), but ${path} has names without numbers (${names.slice(0, 4).join(', ')}) and no order_of_images: their order is not stated.`
      : values.length === 0
        ? 'names no image in any row.'
        : `names images that the file does not have: ${told}; ${path} has ${images.id.length}${names === null ? ', numbered from 0' : `: ${names.slice(0, 4).join(', ')} ...`}.`,
    unordered
      ? 'Write order_of_images into the file, or say that they count in the order of the names with imageBy: "position".'
      : 'State the column of the images (imageColumn), the images (images), or whether numbers count from 1 (idsFrom).',
    unordered ? ['imageBy'] : ['imageColumn', 'images', 'idsFrom'],
  )
}

/** Presentations without an image, for the account. */
export const blanksLeft = (rows: readonly number[], column: string): LeftOut[] =>
  leftOut(
    'trial',
    rows.map((row) => `row ${row}`),
    {
      severity: 'warning',
      reason: `shows no image (blank, omitted or below zero in ${column}).`,
      fix: 'Nothing, if these are blank screens.',
    },
  )
