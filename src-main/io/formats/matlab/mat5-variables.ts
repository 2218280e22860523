import type { ByteSource } from '../base/byte-source.ts'
import type { NumericValues } from '../hdf5/hdf5-values.ts'
import { type Element, eachMatrix, readReal, readTag, type Tag, view32 } from './mat5.ts'
import { readText } from './mat5-text.ts'
import { refusedFile } from '../base/problem.ts'

interface Named {
  readonly name: string
  /** As MATLAB says it. */
  readonly shape: readonly number[]
}

/** A variable of a MATLAB v5 file. Values stand in MATLAB's order, first axis fastest. */
export type MatVariable = Named &
  (
    | { readonly kind: 'numeric'; readonly values: NumericValues; readonly isLogical: boolean }
    /** Rows of a char matrix, without the blanks that pad them. */
    | { readonly kind: 'text'; readonly rows: readonly string[] }
    | { readonly kind: 'cell'; readonly cells: readonly MatVariable[] }
    /** Each field with its value in every element of the struct. */
    | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, readonly MatVariable[]> }
    | { readonly kind: 'other'; readonly what: string }
  )

const CELL = 1
const STRUCT = 2
const CHAR = 4
const FIRST_NUMERIC = 6
const LAST_NUMERIC = 15
const OPAQUE = 17
const OTHERS: Readonly<Record<number, string>> = {
  3: 'an object',
  5: 'a sparse matrix',
  16: 'a function handle',
}
const COMPLEX = 0x0800
const LOGICAL = 0x0200
const MAX_DEPTH = 8

/** Every variable of a MATLAB v5 file (what `save` writes without -v7.3): numbers, logicals, text, cell arrays and structs. */
export function readMat5Variables(source: ByteSource): MatVariable[] {
  const found: MatVariable[] = []
  eachMatrix(source, (element, little) => {
    const variable = readVariable(element, little, 0)
    if (variable && variable.name !== '') found.push(variable) // MATLAB appends a matrix without name for its own use
  })
  return found
}

function readVariable(element: Element, little: boolean, depth: number): MatVariable | null {
  const { content, at } = element
  if (depth > MAX_DEPTH) throw refusedFile(content.name, at, `is nested more than ${MAX_DEPTH} deep.`)
  const [flags, dims, label, ...rest] = tagsOf(element, little)
  if (!flags || !dims || !label || flags.bytes < 8) return null
  const word = view32(content, flags.dataAt, little)
  const kind = word & 0xff
  if (kind === OPAQUE) return opaque(content, dims, rest)
  const name = latin(content, label)
  const shape = Array.from({ length: dims.bytes / 4 }, (_, i) => view32(content, dims.dataAt + 4 * i, little))
  const what = kind >= FIRST_NUMERIC && word & COMPLEX ? 'complex numbers' : OTHERS[kind]
  if (what !== undefined || kind > LAST_NUMERIC)
    return { kind: 'other', name, shape, what: what ?? 'an object' }
  const inner = (tag: Tag): MatVariable =>
    readVariable({ content, at: tag.dataAt, end: tag.dataAt + tag.bytes }, little, depth + 1) ?? EMPTY
  if (kind === CELL) return { kind: 'cell', name, shape, cells: rest.map(inner) }
  if (kind === STRUCT) return { kind: 'struct', name, shape, fields: fieldsOf(content, rest, little, inner) }
  const [real] = rest
  const isEmpty = shape.some((size) => size === 0)
  if (kind === CHAR && real && !isEmpty)
    return { kind: 'text', name, shape, rows: readText(content, name, real, shape, little) }
  if (kind === CHAR) return { kind: 'text', name, shape, rows: [] }
  const values = real && !isEmpty ? readReal(content, name, real, shape, little) : new Float64Array(0)
  return { kind: 'numeric', name, shape, values, isLogical: (word & LOGICAL) !== 0 }
}

const EMPTY: MatVariable = {
  kind: 'numeric',
  name: '',
  shape: [0, 0],
  values: new Float64Array(0),
  isLogical: false,
}

function tagsOf({ content, at, end }: Element, little: boolean): Tag[] {
  const tags: Tag[] = []
  for (let next = at; next + 8 <= end;) {
    const tag = readTag(content, next, little)
    tags.push(tag)
    next = tag.next
  }
  return tags
}

const latin = (content: ByteSource, { dataAt, bytes }: Tag): string =>
  Buffer.from(content.read(dataAt, bytes)).toString('latin1')

/** Strings, tables, dates and other classes: name, "MCOS" and the name of the class, without dimensions. */
const opaque = (content: ByteSource, name: Tag, [type]: readonly Tag[]): MatVariable => ({
  kind: 'other',
  name: latin(content, name),
  shape: [1, 1],
  what: type ? `of the class ${latin(content, type)}` : 'an object',
})

/** The names in fields of one width, then the values: all fields of the first element, of the second, ... */
function fieldsOf(
  content: ByteSource,
  [width, names, ...values]: readonly Tag[],
  little: boolean,
  read: (tag: Tag) => MatVariable,
): ReadonlyMap<string, readonly MatVariable[]> {
  const each = width ? view32(content, width.dataAt, little) : 0
  if (!names || each === 0) return new Map()
  const text = latin(content, names)
  const fields = Array.from({ length: Math.floor(text.length / each) }, (_, i) =>
    text.slice(i * each, (i + 1) * each).replace(/\0.*$/s, ''),
  )
  return new Map(
    fields.map((field, i) => [
      field,
      values.filter((_, at) => at % fields.length === i).map((tag) => read(tag)),
    ]),
  )
}
