import { z } from 'zod'

/** What a child of the proof is asked, on its standard input. */
export const proofJob = z.object({
  addon: z.string(),
  libraries: z.array(z.string()),
  /** Operations that go through our own route. */
  ownRoutes: z.array(z.string()),
  bfloat16Sums: z.enum(['library', 'float32']),
  /** To which precision sums of float32 products are held; with `tf32` they alone are run. */
  products: z.enum(['float32', 'tf32']),
  /** Sums of products alone: the rest does not depend on the number of threads. */
  productsOnly: z.boolean(),
  /** Cases to run, by their place in the list; all when null. */
  only: z.array(z.number()).nullable(),
  /** Cases that earlier children have run or died in. */
  done: z.array(z.number()),
  /** Faults of reduced precision so far: a few are enough to switch it off. */
  reducedFaults: z.number(),
})
export type ProofJob = z.infer<typeof proofJob>

/** What the child says, one JSON text per line behind a mark, since libraries print too. */
const proofNews = z.discriminatedUnion('say', [
  z.object({ say: z.literal('ready'), total: z.number(), gpu: z.boolean() }),
  z.object({
    say: z.literal('start'),
    index: z.number(),
    operation: z.string(),
    format: z.string(),
    shape: z.string(),
  }),
  z.object({
    say: z.literal('verdict'),
    index: z.number(),
    kind: z.enum(['right', 'wrong', 'varies', 'refused']),
    error: z.number().nullable(),
    detail: z.string(),
  }),
  z.object({ say: z.literal('end') }),
])
export type ProofNews = z.infer<typeof proofNews>

const MARK = '~proof '

export const newsLine = (news: ProofNews): string => `${MARK}${JSON.stringify(news)}\n`

/** The news in a line, or null where something else was printed. */
export function parseNews(line: string): ProofNews | null {
  if (!line.startsWith(MARK)) return null
  try {
    return proofNews.safeParse(JSON.parse(line.slice(MARK.length))).data ?? null
  } catch {
    return null // torn by the end of the process
  }
}
