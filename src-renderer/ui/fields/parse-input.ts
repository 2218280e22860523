import { parse, stringify } from 'yaml'
import type { FormField } from '../../../src-shared/schema/form.ts'

export type Input =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string }

/** A typed number: decimal point, exponent and surrounding spaces allowed. The range is checked by the schema, not here. */
export function parseNumber(text: string, isWhole: boolean): Input {
  const clean = text.trim().replace('\u2212', '-')
  const value = Number(clean)
  if (clean === '' || !Number.isFinite(value)) return { ok: false, message: `"${text}" is not a number.` }
  if (isWhole && !Number.isInteger(value)) return { ok: false, message: `${clean} is not a whole number.` }
  return { ok: true, value }
}

/** The number after one press of an arrow key: whole numbers step by one, others by a tenth of their size, or by all of it on a logarithmic scale. */
export function stepNumber(
  now: number,
  by: 1 | -1,
  { kind, scale }: Pick<FormField, 'kind' | 'scale'>,
): number {
  if (kind === 'int') return now + by
  const size = now === 0 ? 1 : 10 ** Math.floor(Math.log10(Math.abs(now)))
  const next = now + by * (scale === 'log' && now !== 0 ? size : size / 10)
  // A logarithmic scale has no zero: below a power of ten the steps of the lower decade begin.
  const isZero = scale === 'log' && now !== 0 && Math.abs(next) < size / 2
  return Number((isZero ? now + (by * size) / 10 : next).toPrecision(10))
}

/** A typed list: entries between commas; a text that has one itself stands between quotes. */
export function parseList(text: string, entry: FormField | undefined): Input {
  if (entry !== undefined && !['int', 'number', 'text', 'choice'].includes(entry.kind))
    return parseValue(`[${text}]`)
  const parts = [...text.matchAll(LIST_ENTRY)].map(([, part = '']) => part.trim()).filter((p) => p !== '')
  const read = parts.map((p) =>
    entry?.kind === 'int' || entry?.kind === 'number' ? parseNumber(p, entry.kind === 'int') : parseEntry(p),
  )
  return read.find((r) => !r.ok) ?? { ok: true, value: read.map((r) => (r.ok ? r.value : null)) }
}

const LIST_ENTRY = /\s*("(?:[^"\\]|\\.)*"(?=\s*(?:,|$))|[^,]*)(?:,|\s*$)/g
const isQuoted = (text: string): boolean => /^"(?:[^"\\]|\\.)*"$/.test(text)

function parseEntry(part: string): Input {
  if (!isQuoted(part)) return { ok: true, value: part }
  try {
    return { ok: true, value: JSON.parse(part) as unknown }
  } catch {
    return { ok: false, message: `${part} cannot be read: between quotes, a backslash is written as two.` }
  }
}

/** A list on one line, as {@link parseList} reads it. */
export function listText(value: unknown): string {
  if (!Array.isArray(value)) return inputText(value)
  return inputText(
    value.map((v: unknown) => (typeof v === 'string' && needsQuotes(v) ? JSON.stringify(v) : v)),
  )
}

const needsQuotes = (text: string): boolean =>
  text.trim() !== text || text === '' || /[,\p{Cc}]|^"/u.test(text)

/** Any value as one writes it in YAML: 0.5, [0, 1], {1: 0.5}. */
export function parseValue(text: string): Input {
  try {
    return { ok: true, value: parse(text) as unknown }
  } catch (error) {
    return {
      ok: false,
      message:
        error instanceof Error ? (error.message.split('\n')[0] ?? 'This is not YAML.') : 'This is not YAML.',
    }
  }
}

/** A value on one line, as one would type it. */
export function inputText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((v) => v === null || typeof v !== 'object')) return value.join(', ')
  return valueText(value)
}

/** A value in YAML's one-line form. */
export const valueText = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()
