import { z } from 'zod'

/** A part of a schema, which zod types as less than what it is: every schema here is made by zod's own functions. */
export function partOf(part: unknown): z.ZodType {
  if (!(part instanceof z.ZodType)) throw new TypeError('not a schema')
  return part
}

/** Strips default / nullable / optional wrappers, and a step that tidies the input first. */
export function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema
  for (;;) {
    if (inner instanceof z.ZodPipe) inner = partOf(inner.out)
    else if (
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault ||
      inner instanceof z.ZodNullable ||
      inner instanceof z.ZodOptional
    ) {
      inner = partOf(inner.unwrap())
    } else return inner
  }
}
