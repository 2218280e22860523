import { openFile } from '../../formats/base/byte-source.ts'
import type { Hdf5File } from '../../formats/hdf5/hdf5.ts'
import { rowsOf } from '../../formats/matlab/mat5-text.ts'
import { type MatVariable, readMat5Variables } from '../../formats/matlab/mat5-variables.ts'
import { toNumericType } from '../../formats/hdf5/numeric-name.ts'
import type { NumpyValues } from '../../formats/numpy/numpy-dtype.ts'
import { invalidFile } from '../../formats/base/problem.ts'

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

const WAY_OUT = 'Save its numbers as plain matrices, for example with full(), double() or cellstr().'

/**
 * Variables of a MATLAB file of version 5 as arrays. Shapes are reversed and fields of structs are paths (/data/images), as
 * HDF5 (and so MATLAB 7.3) lists them: one mapping reads both.
 */
export function mat5Arrays(path: string): MatlabFile {
  const source = openFile(path)
  let leaves: ReadonlyMap<string, MatVariable>
  try {
    leaves = new Map(readMat5Variables(source).flatMap((variable) => leavesOf(variable, `/${variable.name}`)))
  } finally {
    source.close()
  }
  return {
    name: path,
    list: () =>
      [...leaves].map(([at, variable]) => ({
        path: at,
        shape: variable.kind === 'text' ? [variable.rows.length] : [...variable.shape].reverse(),
        type: typeOf(variable),
      })),
    read(name) {
      const variable = leaves.get(name.startsWith('/') ? name : `/${name}`)
      if (variable) return fromVariable(path, name, variable)
      throw invalidFile(path, name, 'there is no such array.', `It has: ${[...leaves.keys()].join(', ')}.`)
    },
    close: () => undefined,
  }
}

/** Fields of a struct lie below it; those of an array of structs are cell arrays with one cell for each element. */
function leavesOf(variable: MatVariable, path: string): [string, MatVariable][] {
  if (variable.kind !== 'struct' || variable.fields.size === 0) return [[path, variable]]
  const { shape } = variable
  return [...variable.fields].flatMap(([field, values]) => {
    const at = `${path}/${field}`
    const [only] = values
    if (only && shape.every((size) => size === 1)) return leavesOf(only, at)
    return [[at, { kind: 'cell', name: field, shape, cells: values }]]
  })
}

function typeOf(variable: MatVariable): string {
  switch (variable.kind) {
    case 'numeric':
      return variable.isLogical ? 'bool' : toNumericType(variable.values)
    case 'text':
      return 'text'
    case 'cell':
      return 'cell array'
    default:
      return 'other'
  }
}

function fromVariable(file: string, at: string, variable: MatVariable): MatlabArray {
  const { kind, shape } = variable
  switch (kind) {
    case 'numeric':
      return { shape: [...shape].reverse(), values: variable.values, isBoolean: variable.isLogical }
    case 'text':
      return text(variable.rows)
    case 'cell': {
      const cells = variable.cells.map((cell, i) => fromVariable(file, `${at}{${i + 1}}`, cell))
      return stacked(file, at, cells, [...shape].reverse())
    }
    default:
      throw unreadable(file, at, kind === 'struct' ? 'a struct' : variable.what)
  }
}

const text = (rows: readonly string[]): MatlabArray => ({
  shape: [Math.max(1, rows.length)],
  values: rows.length === 0 ? [''] : [...rows],
  isBoolean: false,
})

const unreadable = (file: string, at: string, what: string): Error =>
  invalidFile(file, at, `is ${what}, which cannot be read.`, WAY_OUT)

const NUMBERS = /^(double|single|u?int(8|16|32|64)|logical)$/

/**
 * A value of a MATLAB 7.3 file: cells, arrays of structs and text are stored as references and codes, empty arrays as their
 * shape. Files of other programs have no classes; their references are followed alike.
 */
export function readMatlab(file: Hdf5File, path: string): MatlabArray {
  if (file.kind(path) === 'group')
    throw unreadable(file.name, path, isSparse(file, path) ? 'a sparse matrix' : 'a struct')
  const { shape, kind, isBoolean } = file.dataset(path)
  const type = file.attribute(path, 'MATLAB_class')
  if (file.attribute(path, 'MATLAB_empty'))
    return type === 'char'
      ? text([])
      : {
          shape: numbersOf(file, path).reverse(), // empty arrays are stored as their shape
          values: new Float64Array(0),
          isBoolean: type === 'logical',
        }
  if (kind === 'reference') {
    const cells = Array.from<string | number>(file.read(path)).map((at) => file.target(String(at)))
    return stacked(
      file.name,
      path,
      cells.map((cell) => readMatlab(file, cell)),
      shape,
    )
  }
  if (type === 'char') return text(rowsOf(numbersOf(file, path), [...shape].reverse()))
  if (typeof type === 'string' && !NUMBERS.test(type))
    throw unreadable(file.name, path, `of the class ${type}`)
  return { shape, values: file.read(path), isBoolean }
}

const numbersOf = (file: Hdf5File, path: string): number[] =>
  Array.from<string | number>(file.read(path)).map(Number)

/** MATLAB 7.3 stores a sparse matrix as a group of its values and their places. */
export const isSparse = (file: Hdf5File, group: string): boolean =>
  file.attribute(group, 'MATLAB_sparse') !== undefined

/** Type of a data set as a listing names it, and its shape as `readMatlab` gives it. */
export function matlabOutline(
  file: Hdf5File,
  path: string,
): { readonly shape: readonly number[]; readonly type: string } {
  const { shape, kind, bytesPerElement, isBoolean } = file.dataset(path)
  const type = file.attribute(path, 'MATLAB_class')
  const isEmpty = Boolean(file.attribute(path, 'MATLAB_empty'))
  if (type === 'char') return { shape: [isEmpty ? 1 : (shape.at(-1) ?? 1)], type: 'text' }
  const known = isEmpty ? numbersOf(file, path).reverse() : shape
  if (kind === 'reference') return { shape: known, type: 'cell array' }
  if (kind === 'string') return { shape: known, type: 'text' }
  if (kind === 'other' || (typeof type === 'string' && type !== 'cell' && !NUMBERS.test(type)))
    return { shape: known, type: 'other' }
  return { shape: known, type: isBoolean ? 'bool' : `${kind}${bytesPerElement * 8}` }
}

/**
 * The cells of a cell array, which must be alike, as one array: the axes of the cell array (one, where it is a list) before
 * those of a cell; axes of size 1 are dropped from the cells.
 */
function stacked(
  file: string,
  at: string,
  cells: readonly MatlabArray[],
  outline: readonly number[],
): MatlabArray {
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
  const texts = cells.filter(({ values }) => Array.isArray(values)).length
  if (texts > 0 && texts < cells.length)
    throw invalidFile(file, at, 'is a cell array of text and numbers.', 'Save them apart.')
  const outer = outline.filter((size) => size !== 1)
  const shape = [...(outer.length > 1 ? outer : [cells.length]), ...sizes]
  return { shape, values: joined(cells, texts > 0), isBoolean: cells.every(({ isBoolean }) => isBoolean) }
}

function joined(cells: readonly MatlabArray[], isText: boolean): NumpyValues {
  if (isText) return cells.flatMap(({ values }) => Array.from<string | number>(values).map(String))
  const out = new Float64Array(cells.reduce((count, { values }) => count + values.length, 0))
  let at = 0
  for (const { values } of cells) {
    out.set(values as ArrayLike<number>, at) // no text, see the caller
    at += values.length
  }
  return out
}
