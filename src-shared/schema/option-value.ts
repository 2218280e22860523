import { componentTitle } from './option-names.ts'
import { wordOf } from './words.ts'
import { formatTick } from '../util/number-text.ts'

/** A config value in a table cell: short, unambiguous, missing told apart from off. */
export function formatOption(value: unknown): string {
  if (value === undefined) return 'not set'
  if (value === null) return 'off'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return formatTick(value)
  if (typeof value === 'string') return value === '' ? '(empty)' : wordOf(value)
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.map(formatOption).join(', ')
  return Object.entries(value)
    .map(([k, v]) => `${wordOf(k)}: ${formatOption(v)}`)
    .join(', ')
}

/** The value of the option at a path: data sets, models and trainers by their titles. */
export const formatOptionAt = (path: string, value: unknown): string =>
  path.endsWith('.fn') && typeof value === 'string' ? componentTitle(path, value) : formatOption(value)

/** The same for a value that is given as text: JSON, or the bare text of a string. */
export function formatOptionText(path: string, text: string): string {
  try {
    return formatOptionAt(path, JSON.parse(text))
  } catch {
    return formatOptionAt(path, text)
  }
}
