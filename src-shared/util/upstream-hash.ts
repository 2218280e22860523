import { md5Hex } from './md5.ts'

/**
 * A Python value as JSON: plain numbers are ints, arrays lists. Floats carry their shortest text, so that 1.0 and 1
 * stay apart; tuples, dicts (any keys, insertion order) and ordered dicts carry a tag.
 */
export type PyValue =
  | null
  | boolean
  | number
  | string
  | readonly PyValue[]
  | { readonly $float: string }
  | { readonly $tuple: readonly PyValue[] }
  | { readonly $dict: PyEntries }
  | { readonly $ordered: PyEntries }

export type PyEntries = readonly (readonly [key: PyValue, value: PyValue])[]

type Tagged = Extract<PyValue, { readonly [tag: string]: unknown }>

/**
 * Content hash of nnfabrik's `make_hash`, which names components in published tables. MD5 over: text itself; ordered
 * mappings as key text and value hash in order; mappings the same by sorted key text; other sequences as the hashes of
 * their elements; anything else as its text. Kept for import and export: types collide (1 and "1", [] and {}).
 */
export function upstreamHash(value: PyValue): string {
  if (typeof value === 'string') return md5Hex(value)
  if (value === null || typeof value !== 'object') return md5Hex(pythonText(value))
  if (isList(value)) return hashOfList(value)
  if ('$tuple' in value) return hashOfList(value.$tuple)
  if ('$ordered' in value) return hashOfEntries(value.$ordered)
  if ('$dict' in value) return hashOfEntries(sortedByText(value.$dict))
  return md5Hex(value.$float)
}

const isList = (value: object): value is readonly PyValue[] => Array.isArray(value)

const hashOfList = (values: readonly PyValue[]): string => md5Hex(values.map(upstreamHash).join(''))

const hashOfEntries = (entries: PyEntries): string =>
  md5Hex(entries.map(([key, value]) => pythonText(key) + upstreamHash(value)).join(''))

function sortedByText(entries: PyEntries): PyEntries {
  return [...entries].sort(([a], [b]) => compareCodePoints(pythonText(a), pythonText(b)))
}

/** Python sorts text by code point, JavaScript by UTF-16 unit. */
function compareCodePoints(a: string, b: string): number {
  const right = Array.from(b, codePoint)
  for (const [i, left] of Array.from(a, codePoint).entries()) {
    const other = right[i]
    if (other === undefined) return 1
    if (left !== other) return left - other
  }
  return a.length < b.length ? -1 : 0
}

const codePoint = (text: string): number => text.codePointAt(0)! // Array.from yields no empty strings

/** Python's `str(value)`. */
export function pythonText(value: PyValue): string {
  return typeof value === 'string' ? value : pythonRepr(value)
}

/** Python's `repr(value)`. */
export function pythonRepr(value: PyValue): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return quoted(value)
  if (isList(value)) return `[${value.map(pythonRepr).join(', ')}]`
  return taggedRepr(value)
}

function taggedRepr(value: Tagged): string {
  if ('$float' in value) return value.$float
  if ('$tuple' in value)
    return `(${value.$tuple.map(pythonRepr).join(', ')}${value.$tuple.length === 1 ? ',' : ''})`
  if ('$dict' in value)
    return `{${value.$dict.map(([k, v]) => `${pythonRepr(k)}: ${pythonRepr(v)}`).join(', ')}}`
  const pairs = value.$ordered.map(([k, v]) => `(${pythonRepr(k)}, ${pythonRepr(v)})`).join(', ')
  return pairs === '' ? 'OrderedDict()' : `OrderedDict([${pairs}])`
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escape = (char: string): string => {
    if (char === quote) return `\\${char}`
    const code = codePoint(char)
    const control = code < 32 || (code >= 127 && code < 161) || code === 173
    return ESCAPES[char] ?? (control ? `\\x${code.toString(16).padStart(2, '0')}` : char)
  }
  return quote + Array.from(text, escape).join('') + quote
}

/** Below this and from 1e16 on Python writes an exponent. */
const SMALLEST_PLAIN = 1e-4
const LARGEST_PLAIN = 1e16

/** Python's `repr` of a float: the shortest digits that read back, "1.0", "5e-05", "1e+16". */
export function pythonFloatText(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'nan' : x > 0 ? 'inf' : '-inf'
  if (x === 0) return Object.is(x, -0) ? '-0.0' : '0.0'
  const size = Math.abs(x)
  if (size < SMALLEST_PLAIN || size >= LARGEST_PLAIN) return withExponent(x)
  const text = String(x)
  return text.includes('.') ? text : `${text}.0`
}

function withExponent(x: number): string {
  const [digits, exponent = '+0'] = x.toExponential().split('e')
  return `${digits}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`
}

/** A JavaScript number as a Python float. */
export const pyFloat = (x: number): PyValue => ({ $float: pythonFloatText(x) })

/** Entries of a plain object as a Python dict. */
export const pyDict = (entries: Readonly<Record<string, PyValue>>): PyValue => ({
  $dict: Object.entries(entries),
})

/** Plain JavaScript of a Python value: floats as numbers, tuples as arrays, dicts as objects with text keys. */
export function plainValue(value: PyValue): unknown {
  if (value === null || typeof value !== 'object') return value
  if (isList(value)) return value.map(plainValue)
  if ('$float' in value) return plainFloat(value.$float)
  if ('$tuple' in value) return value.$tuple.map(plainValue)
  const entries = '$dict' in value ? value.$dict : value.$ordered
  return Object.fromEntries(entries.map(([key, v]) => [pythonText(key), plainValue(v)]))
}

const NOT_FINITE: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity }

const plainFloat = (text: string): number => NOT_FINITE[text] ?? Number(text)
