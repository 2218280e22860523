import { z } from 'zod'

/** Strips default / nullable / optional wrappers, and a step that tidies the input first. */
export function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema
  for (;;) {
    if (inner instanceof z.ZodPipe) inner = inner.out as z.ZodType
    else if (
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault ||
      inner instanceof z.ZodNullable ||
      inner instanceof z.ZodOptional
    ) {
      inner = inner.unwrap() as z.ZodType
    } else return inner
  }
}
