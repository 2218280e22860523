import { z } from 'zod'
import { precision, runSummary } from './run.ts'

/** What the service answers about runs side by side. */

/** Where compared scores come from: the final evaluation, or one place of each curve (`epoch-12`: the end of epoch 12). */
export const scoreSource = z.union([
  z.enum(['final', 'last', 'best', 'at-best']),
  z.templateLiteral(['epoch-', z.number().int().min(0)]),
])
export type ScoreSource = z.infer<typeof scoreSource>

type EpochSource = Extract<ScoreSource, `epoch-${number}`>
/** The sources that have a name. */
export type NamedSource = Exclude<ScoreSource, EpochSource>

const EPOCH = 'epoch-'
/** Whether a source is the end of an epoch. */
export const isEpochSource = (source: ScoreSource): source is EpochSource => source.startsWith(EPOCH)
/** The epoch that a source names; null for the other sources. */
export const epochOfSource = (source: ScoreSource): number | null =>
  isEpochSource(source) ? Number(source.slice(EPOCH.length)) : null

const ends = z.tuple([z.number(), z.number()]).nullable()

/** Options side by side, one value per run (JSON: a missing one is null and `absent`). */
export const optionRows = z.array(
  z.object({
    path: z.string(),
    values: z.array(z.unknown()),
    defaults: z.array(z.boolean()),
    absent: z.array(z.boolean()).optional(),
  }),
)

/** A difference between two settings over their seeds, with its 95 % interval (t); ends are null where the seeds allow none. */
export const seedDelta = z.object({
  mean: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** How it was taken: "paired over 3 seeds". */
  note: z.string(),
  paired: z.boolean(),
  seeds: z.number(),
  bootstrap: ends.optional(),
  /**
   * What would settle it. `seeds`: `more` further seeds of both, about; `many`: more than can be advised; `too-small`: the effect seen is so
   * small beside its spread that seeds will not do; `no-spread`: no interval yet, `more` seeds would give one (null: the score is too coarse).
   */
  outlook: z.object({
    kind: z.enum(['settled', 'seeds', 'many', 'too-small', 'no-spread']),
    more: z.number().int().nullable(),
  }),
})

export const comparison = z.object({
  runs: z.array(runSummary),
  baseline: z.string().nullable(),
  source: scoreSource.optional(),
  /** Epoch of the best validation score of each run, where training marked one. */
  bestEpochs: z.array(z.number().nullable()).optional(),
  /** Where scores are asked for at an epoch: the last one with a validation up to there; null for runs that never got that far. */
  loggedEpochs: z.array(z.number().nullable()).optional(),
  /** Runs that went on with another engine, processor or number of threads: id -> in words. */
  continued: z.record(z.string(), z.string()).optional(),
  /** Number format of products of each run, where they are not all the same: a difference may be its. */
  precisions: z.array(precision).optional(),
  /** Options in which the runs differ. */
  differences: optionRows,
  metrics: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      unit: z.string(),
      goal: z.enum(['max', 'min', 'none']),
      values: z.array(z.number().nullable()),
      deltas: z.array(z.number().nullable()),
    }),
  ),
  /** Runs with equal settings and different seeds. */
  groups: z.array(
    z.object({
      groupId: z.string(),
      name: z.string(),
      ids: z.array(z.string()),
      /** Engines and processors of the runs where they are not all the same: a difference may be theirs. */
      mixed: z.array(z.string()).optional(),
      metrics: z.array(
        z.object({
          key: z.string(),
          /** Of each run of `ids`; robustness against the baseline of the same seed. */
          values: z.array(z.number().nullable()).optional(),
          n: z.number(),
          mean: z.number().nullable(),
          sem: z.number().nullable(),
          sd: z.number().nullable().optional(),
          /** 95 % interval of the mean (Student's t), least and greatest, 95 % percentile bootstrap where asked for. */
          interval: ends.optional(),
          range: ends.optional(),
          bootstrap: ends.optional(),
          /** Difference to the baseline's setting. */
          delta: seedDelta.nullable(),
        }),
      ),
    }),
  ),
})

/** What each of the options that differ does to one score, the most telling first. */
export const optionEffects = z.object({
  key: z.string(),
  /** Comparisons for which the intervals hold together. */
  comparisons: z.number().int(),
  effects: z.array(
    z.object({
      /** The option, and those that always changed together with it. */
      paths: z.array(z.string()).min(1),
      /** The worse and the better value; missing where the option is not set. */
      from: z.unknown().optional(),
      to: z.unknown().optional(),
      /** Pairs of settings that differ in this alone and share a seed. */
      pairs: z.number().int(),
      /** Null where the option never changed alone. */
      delta: seedDelta.nullable(),
    }),
  ),
})

export const robustnessTable = z.object({
  id: z.string(),
  baseline: z.string().nullable(),
  clean: z.number().nullable(),
  corruptions: z.array(z.string()),
  severities: z.array(z.number()),
  /** [corruption][severity] accuracy in percent. */
  accuracy: z.array(z.array(z.number().nullable())),
  baselineAccuracy: z.array(z.array(z.number().nullable())).nullable(),
  /** [corruption][severity] whether the network does no better than guessing there. */
  atChance: z.array(z.array(z.boolean())),
  /** Cells that are not in the scores against the baseline, since both networks guess. */
  leftOut: z.number().int(),
  scores: z.record(z.string(), z.number().nullable()),
})
