import { z } from 'zod'
import { byCorruption, severity } from '../schema/dataset/corruptions.ts'

/** Which trials or images of another set are scored. */
export const scoredPart = z.enum(['test', 'all'])
export type ScoredPart = z.infer<typeof scoredPart>

/** Corruption -> severities. */
export const conditions = byCorruption(z.array(severity).min(1))

/** What a linear baseline sees of an image: grey pixels, or energies of Gabor filters. */
export const baselineFeatures = z.enum(['pixels', 'gabor'])
export type BaselineFeatures = z.infer<typeof baselineFeatures>

const BASELINES: Readonly<Record<BaselineFeatures, string>> = {
  pixels: 'Ridge on pixels',
  gabor: 'Ridge on Gabor energy',
}

/** Scores that were made after training: of another set, of further conditions, of measures that are new, of several runs together. */
export const evaluation = z.object({
  /** Equal for equal runs, data, part and conditions. */
  key: z.string(),
  /** Which measures it knew; one of an earlier version is made again when asked for. */
  version: z.number().int(),
  at: z.number(),
  /** Runs whose mean answer was scored, in order; a single one is scored alone. */
  members: z.array(z.string()).min(1),
  /** null: the data that the runs were trained with. */
  data: z.object({ name: z.string(), fingerprint: z.string(), part: scoredPart }).nullable(),
  conditions,
  /** A ridge regression that was scored instead of the network, on the same data: what the network has to beat. */
  baseline: baselineFeatures.nullable().default(null),
  /** By the keys of the final evaluation. */
  scores: z.record(z.string(), z.number().nullable()),
  /** What a reader must know: what was left out, what was taken for what. */
  notes: z.array(z.string()),
  classNames: z.array(z.string()),
  /** Names of the units by session. */
  units: z.record(z.string(), z.array(z.string())),
  /** Examples scored, by task. */
  counts: z.record(z.string(), z.number()),
  engine: z.string(),
})
export type Evaluation = z.infer<typeof evaluation>

/** `Ensemble of 3 on letters [1a2b3c4d], all`; `Ridge on pixels`; '' for the run alone on its own data. */
export function evaluationTitle({
  members,
  data,
  baseline,
}: Pick<Evaluation, 'members' | 'data' | 'baseline'>): string {
  if (baseline !== null) return BASELINES[baseline]
  const who = members.length > 1 ? `Ensemble of ${members.length}` : ''
  if (data === null) return who
  const what = `${data.name.replaceAll(/[/:]/g, '-')} [${data.fingerprint.slice(0, 8)}]${data.part === 'all' ? ', all' : ''}`
  return who === '' ? what : `${who} on ${what}`
}

/** Whether it adds to the run's own results: the run alone, on the data that it was trained with. */
export const isOwnResult = (made: Evaluation): boolean => evaluationTitle(made) === ''

const SINGLE_CORRUPTION = /^(c_test|fly_c_test|imagenet_fly_c_test) /

/**
 * Its scores as those of a run, to be listed and compared: named by the evaluation, and corruptions one by one only where they
 * belong into the run's own table.
 */
export function scoresOfEvaluation(made: Evaluation): Record<string, number | null> {
  if (isOwnResult(made)) return made.scores
  const title = evaluationTitle(made)
  const own = Object.entries(made.scores)
  const corrupted = own.filter(
    ([key, value]) => SINGLE_CORRUPTION.test(key) && key.endsWith('/eval') && value !== null,
  )
  const mean = corrupted.reduce((sum, [, value]) => sum + (value ?? 0), 0) / corrupted.length
  return Object.fromEntries([
    ...own.filter(([key]) => !SINGLE_CORRUPTION.test(key)).map(([key, value]) => [`${title}: ${key}`, value]),
    ...(corrupted.length === 0 ? [] : [[`${title}: Robustness/mean_corrupted_accuracy`, mean]]),
  ]) as Record<string, number | null> // pairs of a name and a score, see above
}
