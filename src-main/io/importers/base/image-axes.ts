import { invalidFile } from '../../formats/base/problem.ts'
import { permuteAxes } from '../../formats/numpy/row-major.ts'
import { type Place, imageLetters } from './ids-and-axes.ts'
import type { Image } from './trial-images.ts'

type Pixels = Uint8Array | Float32Array

/** A stored image of any order of axes as [height, width, channels]. */
export function imageOf(values: Pixels, shape: readonly number[], place: Place, stated?: string): Image {
  const letters = imageLetters(shape, stated, place)
  const size = (letter: string): number => (letters.includes(letter) ? shape[letters.indexOf(letter)]! : 1)
  const order = [...'hwc']
    .filter((letter) => letters.includes(letter))
    .map((letter) => letters.indexOf(letter))
  return { height: size('h'), width: size('w'), channels: size('c'), data: permuteAxes(values, shape, order) }
}

/**
 * Letters of an array of images (i image, h, w, c): the axis of the images by their number, then the others.
 * @throws CotrainError where sizes leave two readings.
 */
export function stackLetters(
  shape: readonly number[],
  isCount: (size: number) => boolean,
  stated: string | undefined,
  place: Place,
): string {
  if (stated !== undefined) {
    const letters = stated.includes('i') ? stated : `i${stated}`
    const fits = letters.length === shape.length && isCount(shape[letters.indexOf('i')]!)
    if (fits) return letters
    throw invalidFile(
      place.file,
      place.field,
      `the option imageAxes ("${stated}") does not fit shape (${shape.join(', ')}).`,
      'Give one letter for each axis: i, h, w and if there is one c.',
      ['imageAxes'],
    )
  }
  if (shape.length < 3 || shape.length > 4)
    throw invalidFile(
      place.file,
      place.field,
      `expected images with 3 or 4 axes, got shape (${shape.join(', ')}).`,
    )
  const last = shape.length - 1
  const ends = [0, last].filter((axis) => isCount(shape[axis]!))
  const [at] = ends
  if (at === undefined)
    throw invalidFile(
      place.file,
      place.field,
      `shape (${shape.join(', ')}) has no axis as long as there are images.`,
      'Check that images and responses belong together; the option imageAxes states the order of the axes.',
      ['imageAxes'],
    )
  if (ends.length > 1)
    throw invalidFile(
      place.file,
      place.field,
      `shape (${shape.join(', ')}) has its images on the first or the last axis: both fit.`,
      `Say it with the option imageAxes: "${shape.length === 3 ? 'ihw" or "hwi' : 'ihwc" or "hwci'}".`,
      ['imageAxes'],
    )
  const rest = imageLetters(
    shape.filter((_, axis) => axis !== at),
    undefined,
    place,
  )
  return at === 0 ? `i${rest}` : `${rest}i`
}

/** An array of images with axes of the given letters as [image, height, width, channel]. */
export function stackOf(
  values: Pixels,
  shape: readonly number[],
  letters: string,
): { readonly count: number; readonly image: Image } {
  const size = (letter: string): number => (letters.includes(letter) ? shape[letters.indexOf(letter)]! : 1)
  const order = [...'ihwc']
    .filter((letter) => letters.includes(letter))
    .map((letter) => letters.indexOf(letter))
  const image = {
    height: size('h'),
    width: size('w'),
    channels: size('c'),
    data: permuteAxes(values, shape, order),
  }
  return { count: size('i'), image }
}
