import { z } from 'zod'

/** One call: the schemas of its parameters and of its result. */
export const method = <P extends z.ZodType, R extends z.ZodType>(params: P, result: R) => ({ params, result })

export const none = z.object({})
export const ok = z.object({ ok: z.literal(true) })
export const exportFormat = z.enum(['csv', 'markdown', 'latex', 'json', 'html'])
/** A file to be saved by the caller. */
export const file = z.object({ name: z.string(), mime: z.string(), text: z.string() })
