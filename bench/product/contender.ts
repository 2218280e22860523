import { createInterface } from 'node:readline'
import { z } from 'zod'

/** What a contender is told at its start, as the JSON of its last argument. */
export const job = z.object({
  case: z.string(),
  kind: z.enum(['train', 'evaluate', 'corruptions', 'epoch']),
  format: z.string(),
  engine: z.string(),
  threads: z.int().min(1),
  /** Steps of a round. */
  steps: z.int().min(1),
  /** Files of an epoch. */
  images: z.int(),
  /** Where the plan of the network lies. */
  folder: z.string(),
  /** `check`: take three steps without random draws and tell their losses. `tune`: say which setting is the fastest. */
  mode: z.enum(['time', 'check', 'tune']),
  /** The setting to compute with; empty: the contender's own. */
  setting: z.string(),
  quick: z.boolean(),
})
export type Job = z.infer<typeof job>

/** Once, when the first steps are done. */
export const ready = z.object({
  versions: z.record(z.string(), z.string()),
  setting: z.string(),
  /** Why there is nothing to measure. */
  skipped: z.string().optional(),
  /** In the mode `check`. */
  losses: z.array(z.number()).optional(),
  parameters: z.number().optional(),
  /** What else is to be said in the table. */
  note: z.string().optional(),
})
export type Ready = z.infer<typeof ready>

/** One round. */
export const round = z.object({
  seconds: z.number(),
  cpu: z.number(),
  peakMiB: z.number(),
  /** Operations asked of the library and seconds within it, where they are counted. */
  operations: z.number().optional(),
  library: z.number().optional(),
})
export type Round = z.infer<typeof round>

/** In a contender: tells that it is ready, and answers each line of the input with a round, until it ends. */
export async function serve(first: Ready, work: () => Promise<Round>): Promise<void> {
  const say = (value: unknown): void => void process.stdout.write(`@${JSON.stringify(value)}\n`)
  say(first)
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'end') return
    say(await work())
  }
}
