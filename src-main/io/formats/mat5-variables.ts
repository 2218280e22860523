import type { ByteSource } from './byte-source.ts'
import type { NumericValues } from './hdf5-values.ts'
import { type Element, eachMatrix, readReal, readTag, type Tag, view32 } from './mat5.ts'
import { refusedFile } from './problem.ts'

/** A variable of a MATLAB v5 file. Shapes are MATLAB's; values stand in its order, first axis fastest. */
export type MatVariable =
  | {
      readonly kind: 'numeric'
      readonly name: string
      readonly shape: readonly number[]
      readonly values: NumericValues
      readonly isLogical: boolean
    }
  | { readonly kind: 'text'; readonly name: string; readonly shape: readonly number[]; readonly text: string }
  | {
      readonly kind: 'cell'
      readonly name: string
      readonly shape: readonly number[]
      readonly cells: readonly MatVariable[]
    }
  | {
      readonly kind: 'other'
      readonly name: string
      readonly shape: readonly number[]
      readonly what: string
    }

const CELL = 1
const CHAR = 4
const FIRST_NUMERIC = 6
const LAST_NUMERIC = 15
const OTHERS: Readonly<Record<number, string>> = { 2: 'a struct', 3: 'an object', 5: 'a sparse matrix' }
const COMPLEX = 0x0800
const LOGICAL = 0x0200
const MAX_DEPTH = 8

/** Every variable of a MATLAB v5 file (what `save` writes without -v7.3): numbers, logicals, text and cell arrays. */
export function readMat5Variables(source: ByteSource): MatVariable[] {
  const found: MatVariable[] = []
  eachMatrix(source, (element, little) => {
    const variable = readVariable(element, little, 0)
    if (variable && variable.name !== '') found.push(variable) // MATLAB appends a matrix without name for its own use
  })
  return found
}

function readVariable({ content, at, end }: Element, little: boolean, depth: number): MatVariable | null {
  if (depth > MAX_DEPTH) throw refusedFile(content.name, at, `cells are nested more than ${MAX_DEPTH} deep.`)
  const parts: Tag[] = []
  for (let next = at; next + 8 <= end;) {
    const tag = readTag(content, next, little)
    parts.push(tag)
    next = tag.next
  }
  const [flags, dims, label, ...rest] = parts
  if (!flags || !dims || !label || flags.bytes < 8) return null
  const word = view32(content, flags.dataAt, little)
  const name = Buffer.from(content.read(label.dataAt, label.bytes)).toString('latin1')
  const shape = Array.from({ length: dims.bytes / 4 }, (_, i) => view32(content, dims.dataAt + 4 * i, little))
  const kind = word & 0xff
  const what = kind >= FIRST_NUMERIC && word & COMPLEX ? 'complex numbers' : OTHERS[kind]
  if (what !== undefined || kind > LAST_NUMERIC)
    return { kind: 'other', name, shape, what: what ?? 'an object' }
  if (kind === CELL) {
    const cells = rest.flatMap((tag) => {
      const cell = readVariable({ content, at: tag.dataAt, end: tag.dataAt + tag.bytes }, little, depth + 1)
      return cell ? [cell] : []
    })
    return { kind: 'cell', name, shape, cells }
  }
  const [real] = rest
  const isEmpty = shape.some((size) => size === 0)
  const values = real && !isEmpty ? readReal(content, name, real, shape, little) : new Float64Array(0)
  if (kind === CHAR) return { kind: 'text', name, shape, text: textOf(values, shape) }
  return { kind: 'numeric', name, shape, values, isLogical: (word & LOGICAL) !== 0 }
}

/** Text is stored column by column: rows of a char matrix are read one after the other. */
function textOf(codes: NumericValues, shape: readonly number[]): string {
  const rows = shape[0] ?? 1
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: codes.length / Math.max(1, rows) }, (_, i) =>
      String.fromCharCode(codes[row + i * rows] ?? 32),
    ).join(''),
  )
  return lines.map((line) => line.trimEnd()).join('\n')
}
