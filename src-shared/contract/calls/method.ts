import { z } from 'zod'

/** What hosts must know about a call before they let it through. */
export interface MethodFacts<Name extends string> {
  /** Whether a login that may only look can make the call; `unless`: not with one of these parameters set to true. */
  readonly view: boolean | { readonly unless: readonly Name[] }
  /** Whether the call leaves a line in the log of the web server: it starts, stops or deletes something. */
  readonly audited: boolean
  /** Parameters that name a place on this machine: the desktop app lets only places through that the person has shown. */
  readonly paths: readonly Name[]
}

/** One call: facts for hosts, and the schemas of its parameters and of its result. */
export const method = <P extends z.ZodObject, R extends z.ZodType>(
  facts: MethodFacts<keyof NoInfer<P>['shape'] & string>,
  params: P,
  result: R,
) => ({ ...(facts satisfies MethodFacts<string> as MethodFacts<string>), params, result })

export const none = z.object({})
export const ok = z.object({ ok: z.literal(true) })
export const exportFormat = z.enum(['csv', 'markdown', 'latex', 'json', 'html', 'parquet'])
/** A file to be saved by the caller; bytes that are no text are given as base64. */
export const file = z.object({
  name: z.string(),
  mime: z.string(),
  text: z.string(),
  isBase64: z.literal(true).optional(),
})
