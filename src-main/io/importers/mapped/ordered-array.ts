import type { NumpyValues } from '../../formats/numpy/numpy-dtype.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { permuteAxes } from '../../formats/numpy/row-major.ts'
import type { ArraySource } from './array-source.ts'

export interface Ordered {
  readonly sizes: readonly number[]
  readonly values: NumpyValues
}

/** An array with its axes in the wanted order; axes it does not have count 1. */
export function ordered(source: ArraySource, array: string, axes: string, wanted: string): Ordered {
  const { shape, values } = source.read(array)
  if (shape.length !== axes.length)
    throw invalidFile(
      source.name,
      array,
      `has ${shape.length} axes (${shape.join(' x ')}), the mapping names ${axes.length}: ${axes}.`,
      'Give one letter for each axis.',
    )
  if (new Set(axes).size !== axes.length)
    throw invalidFile(source.name, array, `the axes ${axes} name one letter twice.`)
  const present = [...wanted].filter((letter) => axes.includes(letter))
  const order = present.map((letter) => axes.indexOf(letter))
  if (order.length !== axes.length)
    throw invalidFile(
      source.name,
      array,
      `the axes ${axes} do not go together, expected letters of ${wanted}.`,
    )
  return {
    sizes: [...wanted].map((letter) => (axes.includes(letter) ? shape[axes.indexOf(letter)]! : 1)),
    values: permuteAxes(values, shape, order),
  }
}
