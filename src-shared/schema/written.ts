import { z } from 'zod'
import { fieldMeta } from './field.ts'
import { partOf, unwrap } from './unwrap.ts'

/** Dotted path of an option -> the key under which it is written, where that is an earlier spelling. */
export type Spellings = ReadonlyMap<string, string>

/**
 * A config as written with today's names, at any depth, and with groups as their schema reads them (published configs
 * write `{}` or `false` for a group that is off). Unknown keys stay: the schema names them.
 */
export function tidied(schema: z.ZodType, given: unknown): { value: unknown; spellings: Spellings } {
  const spellings = new Map<string, string>()
  return { value: tidy(schema, given, '', spellings), spellings }
}

function tidy(schema: z.ZodType, given: unknown, prefix: string, spellings: Map<string, string>): unknown {
  const value = readFirst(schema, given)
  const inner = unwrap(schema)
  if (!(inner instanceof z.ZodObject) || value === null || typeof value !== 'object' || Array.isArray(value))
    return value
  const out: Record<string, unknown> = { ...value } // an object that is no list
  const fields: Record<string, z.ZodType> = inner.shape
  for (const [key, field] of Object.entries(fields)) {
    const alias = fieldMeta.get(field)?.aliases?.find((name) => name in out && !(key in out))
    if (alias !== undefined) {
      out[key] = out[alias]
      delete out[alias]
      spellings.set(`${prefix}${key}`, alias)
    }
    if (key in out) out[key] = tidy(field, out[key], `${prefix}${key}.`, spellings)
  }
  return out
}

/** The steps that a schema takes before it looks at a value. */
function readFirst(schema: z.ZodType, given: unknown): unknown {
  if (!(schema instanceof z.ZodPipe) || given === undefined) return given
  const read = partOf(schema.in).safeParse(given)
  return read.success ? read.data : given
}

/** The keys of a path as the config writes them. */
export function asWritten(spellings: Spellings, path: readonly string[]): readonly string[] {
  return path.map((key, i) => spellings.get(path.slice(0, i + 1).join('.')) ?? key)
}
