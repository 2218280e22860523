import { openFile } from '../formats/byte-source.ts'
import type { Hdf5File } from '../formats/hdf5.ts'
import { type MatVariable, readMat5Variables } from '../formats/mat5-variables.ts'
import { toNumericType } from '../formats/numeric-name.ts'
import type { NumpyValues } from '../formats/numpy-dtype.ts'
import { invalidFile } from '../formats/problem.ts'

/** One variable in HDF5's order of axes. */
export interface MatlabArray {
  readonly shape: readonly number[]
  readonly values: NumpyValues
  /** MATLAB logical. */
  readonly isBoolean: boolean
}

export interface MatlabFile {
  readonly name: string
  list(): { readonly path: string; readonly shape: readonly number[]; readonly type: string }[]
  read(path: string): MatlabArray
  close(): void
}

/**
 * Variables of a MATLAB file of version 5 as arrays. Shapes are reversed, as HDF5 (and so MATLAB 7.3) lists them, so that one
 * mapping reads both.
 */
export function mat5Arrays(path: string): MatlabFile {
  const source = openFile(path)
  let variables: MatVariable[]
  try {
    variables = readMat5Variables(source)
  } finally {
    source.close()
  }
  return {
    name: path,
    list: () =>
      variables.map((variable) => ({
        path: `/${variable.name}`,
        shape: [...variable.shape].reverse(),
        type: typeOf(variable),
      })),
    read(name) {
      const wanted = name.replace(/^\//, '')
      const variable = variables.find((candidate) => candidate.name === wanted)
      if (!variable)
        throw invalidFile(
          path,
          name,
          'there is no such array.',
          `It has: ${variables.map((v) => v.name).join(', ')}.`,
        )
      return fromVariable(path, name, variable)
    },
    close: () => undefined,
  }
}

const typeOf = (variable: MatVariable): string =>
  variable.kind === 'numeric'
    ? variable.isLogical
      ? 'bool'
      : toNumericType(variable.values)
    : variable.kind === 'text'
      ? 'text'
      : variable.kind === 'cell'
        ? 'cell array'
        : 'other'

function fromVariable(file: string, at: string, variable: MatVariable): MatlabArray {
  switch (variable.kind) {
    case 'numeric':
      return { shape: [...variable.shape].reverse(), values: variable.values, isBoolean: variable.isLogical }
    case 'text':
      return { shape: [1], values: [variable.text], isBoolean: false }
    case 'cell':
      return stacked(
        file,
        at,
        variable.cells.map((cell, i) => fromVariable(file, `${at}{${i + 1}}`, cell)),
      )
    case 'other':
      throw invalidFile(
        file,
        at,
        `is ${variable.what}, which cannot be read.`,
        'Save its numbers as plain matrices.',
      )
  }
}

/** A value of a MATLAB 7.3 file: cells and text are stored as references and codes, empty arrays as their shape. */
export function readMatlab(file: Hdf5File, path: string, plain: () => MatlabArray): MatlabArray {
  const type = file.attribute(path, 'MATLAB_class')
  if (typeof type !== 'string') return plain()
  if (file.attribute(path, 'MATLAB_empty'))
    return {
      shape: Array.from(plain().values as Float64Array, Number).reverse(),
      values: type === 'char' ? [] : new Float64Array(0),
      isBoolean: type === 'logical',
    } // empty arrays are stored as their shape, in numbers
  const { values, shape, isBoolean } = plain()
  if (type === 'cell') {
    const cells = Array.from<string | number>(values).map((reference) => file.target(String(reference)))
    return stacked(
      file.name,
      path,
      cells.map((cell) => readMatlab(file, cell, () => plainOf(file, cell))),
    )
  }
  if (type === 'char') {
    const text = String.fromCharCode(...Array.from<string | number>(values).map(Number))
    return { shape: [1], values: [text], isBoolean: false }
  }
  return { shape, values, isBoolean }
}

const plainOf = (file: Hdf5File, path: string): MatlabArray => ({
  shape: file.dataset(path).shape,
  values: file.read(path),
  isBoolean: file.dataset(path).isBoolean,
})

/** The cells of a cell array, which must be alike, as one array with the cells on its first axis; axes of size 1 are dropped. */
function stacked(file: string, at: string, cells: readonly MatlabArray[]): MatlabArray {
  const [first] = cells
  if (!first) return { shape: [0], values: new Float64Array(0), isBoolean: false }
  const sizes = first.shape.filter((size) => size !== 1)
  const odd = cells.findIndex(({ shape }) => shape.filter((size) => size !== 1).join() !== sizes.join())
  if (odd >= 0)
    throw invalidFile(
      file,
      at,
      `is a cell array whose cells differ: the first is ${first.shape.join(' x ')}, cell ${odd + 1} is ${cells[odd]?.shape.join(' x ') ?? ''}.`,
      'Save it as one matrix, with NaN where a cell is shorter.',
    )
  const isText = cells.some(({ values }) => Array.isArray(values))
  const values: NumpyValues = isText
    ? cells.flatMap((cell) => Array.from<string | number>(cell.values).map(String))
    : Float64Array.from(cells.flatMap((cell) => Array.from<string | number>(cell.values).map(Number)))
  return { shape: [cells.length, ...sizes], values, isBoolean: cells.every(({ isBoolean }) => isBoolean) }
}
