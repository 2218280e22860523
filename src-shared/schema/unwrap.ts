import { z } from 'zod'

/** A part of a schema, which zod types as less than what it is: every schema here is made by zod's own functions. */
export function partOf(part: unknown): z.ZodType {
  if (!(part instanceof z.ZodType)) throw new TypeError('not a schema')
  return part
}

/** Every field is unwrapped each time a config is resolved, and a form resolves at each key: its schema never changes. */
const unwrapped = new WeakMap<z.ZodType, z.ZodType>()

/** Strips default / nullable / optional wrappers, and a step that tidies the input first. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const known = unwrapped.get(schema)
  if (known !== undefined) return known
  const inner = wrappedBy(schema)
  const innermost = inner === null ? schema : unwrap(inner)
  unwrapped.set(schema, innermost)
  return innermost
}

function wrappedBy(schema: z.ZodType): z.ZodType | null {
  if (schema instanceof z.ZodPipe) return partOf(schema.out)
  const isWrapper =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional
  return isWrapper ? partOf(schema.unwrap()) : null
}
