import { z } from 'zod'
import { fieldMeta } from './field.ts'
import { partOf, unwrap } from './unwrap.ts'

/**
 * Canonical JSON: keys sorted by code point, no spaces, NFC text, shortest round-trip numbers, -0 as 0.
 * @throws RangeError for NaN and infinities, which have no identity.
 */
export function canonicalJson(value: unknown): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.normalize('NFC'))
    case 'boolean':
      return String(value)
    case 'number':
      if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be part of an identity`)
      return JSON.stringify(value) // -0 is written as 0
    case 'object':
      return Array.isArray(value)
        ? `[${value.map((v) => canonicalJson(v)).join(',')}]`
        : canonicalObject(value)
    default:
      throw new RangeError(`a ${typeof value} cannot be part of an identity`)
  }
}

function canonicalObject(value: object): string {
  const entries = Object.entries(value).filter(([, v]) => v !== undefined)
  entries.sort(([a], [b]) => byCodePoint(a, b))
  return `{${entries.map(([k, v]) => `${JSON.stringify(k.normalize('NFC'))}:${canonicalJson(v)}`).join(',')}}`
}

function byCodePoint(a: string, b: string): number {
  const left = Array.from(a)
  const right = Array.from(b)
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const d = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0)
    if (d !== 0) return d
  }
  return left.length - right.length
}

/**
 * A resolved config without the fields that do not change the result (`identity: false`), at any depth. Of a field that
 * names a data set what is left is how it is read; `withPlaces` keeps the name.
 */
export function identityOf(schema: z.ZodType, value: unknown, withPlaces = false): unknown {
  const inner = unwrap(schema)
  if (value === null || typeof value !== 'object') return value
  if (inner instanceof z.ZodArray)
    return (value as unknown[]).map((v) => identityOf(partOf(inner.element), v, withPlaces))
  if (inner instanceof z.ZodRecord) {
    return Object.fromEntries(
      Object.entries(value).map(([k, v]) => [k, identityOf(partOf(inner.valueType), v, withPlaces)]),
    )
  }
  if (!(inner instanceof z.ZodObject)) return value
  const kept = Object.entries(value).filter(([k, v]) => isCounted(partOf(inner.shape[k] ?? z.unknown()), v))
  return Object.fromEntries(
    kept.map(([k, v]) => {
      const field = partOf(inner.shape[k] ?? z.unknown())
      const identity = fieldMeta.get(field)?.identity
      return [
        k,
        typeof identity === 'function' && !withPlaces ? identity(v) : identityOf(field, v, withPlaces),
      ]
    }),
  )
}

function isCounted(field: z.ZodType, value: unknown): boolean {
  const identity = fieldMeta.get(field)?.identity
  if (identity === 'if-chosen') return value !== field.parse(undefined)
  return identity !== false && identity !== 'with-plugins'
}
