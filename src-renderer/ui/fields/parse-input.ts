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

/** A typed list: entries between commas. */
export function parseList(text: string, entry: FormField | undefined): Input {
  const parts = text
    .split(',')
    .map((p) => p.trim())
    .filter((p) => p !== '')
  if (entry?.kind !== 'int' && entry?.kind !== 'number') {
    return entry === undefined || entry.kind === 'text' || entry.kind === 'choice'
      ? { ok: true, value: parts }
      : parseValue(`[${text}]`)
  }
  const numbers = parts.map((p) => parseNumber(p, entry.kind === 'int'))
  return numbers.find((n) => !n.ok) ?? { ok: true, value: numbers.map((n) => (n.ok ? n.value : null)) }
}

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
