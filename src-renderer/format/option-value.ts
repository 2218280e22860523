import { formatTick } from './number.ts'

/** A config value in a table cell: short, unambiguous, missing told apart from off. */
export function formatOption(value: unknown): string {
  if (value === undefined) return 'not set'
  if (value === null) return 'off'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return formatTick(value)
  if (typeof value === 'string') return value === '' ? '(empty)' : value
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.map(formatOption).join(', ')
  return Object.entries(value)
    .map(([k, v]) => `${k}: ${formatOption(v)}`)
    .join(', ')
}
