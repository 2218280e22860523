import type { FormField } from '../../../../src-shared/schema/form.ts'
import type { Input } from '../../../ui/fields/parse-input.ts'
import { parseNumber, parseValue, valueText } from '../../../ui/fields/parse-input.ts'

export type Values =
  | { readonly ok: true; readonly values: readonly unknown[] }
  | { readonly ok: false; readonly message: string }

const RANGE =
  /^(?<low>[-+\d.e]+)\s*(?:to|\.\.|–)\s*(?<high>[-+\d.e]+)(?:\s+in\s+(?<count>\d+))?(?<log>\s+log)?$/i
/** Whole numbers without a count go one by one, up to this many. */
const MOST_VALUES = 100
const DIGITS = 6
const YES: ReadonlySet<string> = new Set(['on', 'yes', 'true'])
const NO: ReadonlySet<string> = new Set(['off', 'no', 'false'])

/** Values typed for an option that varies: "0.1, 0.01", "1 to 9", "0.001 to 0.1 in 3", lists and maps between semicolons. */
export function parseValues(text: string, field: FormField): Values {
  const clean = text.trim()
  if (clean === '') return { ok: false, message: 'Write at least one value.' }
  const isNumber = field.kind === 'int' || field.kind === 'number'
  const range = isNumber ? RANGE.exec(clean) : null
  if (range !== null) return rangeValues(range.groups ?? {}, field)
  const isPlain = isNumber || ['boolean', 'choice', 'text'].includes(field.kind)
  const parts = clean
    .split(isPlain ? /[,;]/ : ';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const values: unknown[] = []
  for (const part of parts) {
    const value = parseOne(part, field)
    if (!value.ok) return value
    values.push(value.value)
  }
  return { ok: true, values: distinct(values) }
}

function parseOne(part: string, field: FormField): Input {
  if (field.nullable && ['null', 'none', 'off', 'not set'].includes(part.toLowerCase()))
    return { ok: true, value: null }
  switch (field.kind) {
    case 'int':
    case 'number':
      return parseNumber(part, field.kind === 'int')
    case 'boolean':
      if (YES.has(part.toLowerCase())) return { ok: true, value: true }
      if (NO.has(part.toLowerCase())) return { ok: true, value: false }
      return { ok: false, message: `"${part}" is neither on nor off.` }
    case 'choice':
      return field.choices?.includes(part) === true
        ? { ok: true, value: part }
        : { ok: false, message: `"${part}" is none of ${field.choices?.join(', ') ?? ''}.` }
    case 'text':
      return { ok: true, value: part }
    default:
      return parseValue(part)
  }
}

function rangeValues(groups: Readonly<Record<string, string | undefined>>, field: FormField): Values {
  const [low, high] = [Number(groups['low']), Number(groups['high'])]
  if (!Number.isFinite(low) || !Number.isFinite(high) || high <= low)
    return { ok: false, message: 'A range goes from a smaller to a larger number.' }
  const isWhole = field.kind === 'int'
  if (groups['count'] === undefined && !isWhole)
    return { ok: false, message: `Say how many values: "${groups['low']} to ${groups['high']} in 5".` }
  const count = groups['count'] === undefined ? high - low + 1 : Number(groups['count'])
  if (count < 2 || count > MOST_VALUES)
    return { ok: false, message: `A range has 2 to ${MOST_VALUES} values.` }
  // Rates and weights are chosen by factors, not by sums.
  const isLog = (groups['log'] !== undefined || field.scale === 'log') && low > 0
  const at = (i: number): number => {
    const part = i / (count - 1)
    const value = isLog ? low * (high / low) ** part : low + (high - low) * part
    return isWhole ? Math.round(value) : Number(value.toPrecision(DIGITS))
  }
  return { ok: true, values: distinct(Array.from({ length: count }, (_, i) => at(i))) }
}

const distinct = (values: readonly unknown[]): unknown[] => [
  ...new Map(values.map((v) => [JSON.stringify(v), v])).values(),
]

/** A value as the name of a variant. */
export const valueLabel = (value: unknown): string =>
  typeof value === 'string' ? (value === '' ? '(empty)' : value) : valueText(value)
