import { z } from 'zod'
import { exportFormat, file, method } from './method.ts'
import { comparison, optionEffects, optionRows, scoreSource, seedDelta } from '../compare-views.ts'
import { runId as id } from '../views.ts'

/** Which units count. Limits of 0 or null exclude nothing; with a limit, a unit without that number is excluded. */
const unitFilter = z
  .object({
    area: z.string().default(''),
    session: z.string().default(''),
    leastCeiling: z.number().default(0),
    leastFev: z.number().default(0),
  })
  .prefault({})

/** How many units are left out, and by which rule; a unit counts under the first rule that excludes it. */
const leftOut = z.object({
  /** By area or session. */
  elsewhere: z.number(),
  ceiling: z.number(),
  fev: z.number(),
  /** The measure is not defined, e.g. a unit that never fires, or the other run lacks the unit. */
  undefined: z.number(),
})

/** Several runs side by side. */
export const compareCalls = {
  'compare.table': method(
    { view: true, audited: false, paths: [] },
    z.object({
      ids: z.array(id).min(1).max(200),
      baseline: id.nullable().default(null),
      source: scoreSource.default('final'),
      bootstrap: z.boolean().default(false),
    }),
    comparison,
  ),
  /** Every option of the runs, equal ones too. */
  'compare.options': method(
    { view: true, audited: false, paths: [] },
    z.object({ ids: z.array(id).min(1).max(200) }),
    optionRows,
  ),
  /** Which of the options that differ matters for a score: between settings in which all else is equal, over seeds. */
  'compare.effects': method(
    { view: true, audited: false, paths: [] },
    z.object({
      ids: z.array(id).min(1).max(200),
      baseline: id.nullable().default(null),
      source: scoreSource.default('final'),
      key: z.string(),
    }),
    optionEffects,
  ),
  /**
   * How far a difference in a per-unit measure would hold for other seeds and other units alike: 95 % interval (Student's t) with seeds and units
   * both as samples. Null without common units, and with fewer than two seeds: units of one network say nothing about networks.
   */
  'compare.evidence': method(
    { view: true, audited: false, paths: [] },
    z.object({
      ids: z.array(id).min(1).max(200),
      baseline: z.array(id).min(1).max(200),
      area: z.string(),
      column: z.string(),
    }),
    z
      .object({
        mean: z.number(),
        low: z.number(),
        high: z.number(),
        seeds: z.number(),
        units: z.number(),
        paired: z.boolean(),
      })
      .nullable(),
  ),
  /**
   * One measure of the same units in two settings (`a`, `b`: the runs of each; one run is a setting of one seed), averaged over seeds. `n`
   * units count: those that pass the filter and have the measure in all runs. Of them `aHigher` have the greater value in `a`, `bHigher` in
   * `b`; equal ones are neither. `difference` is that of the mean over these units, b - a, over seeds: networks are the sample, units of one
   * network are not independent. Null without a unit.
   */
  'compare.neurons': method(
    { view: true, audited: false, paths: [] },
    z.object({
      a: z.array(id).min(1).max(200),
      b: z.array(id).min(1).max(200),
      column: z.string().default('avg_correlation'),
      filter: unitFilter,
    }),
    z.object({
      pairs: z.array(
        z.object({
          session: z.string(),
          area: z.string(),
          unit: z.string(),
          a: z.number().nullable(),
          b: z.number().nullable(),
          /** What a model can reach: the known ceiling of a simulated unit, else its oracle correlation. */
          ceiling: z.number().nullable(),
          /** Explainable share of the variance. */
          fev: z.number().nullable(),
        }),
      ),
      n: z.number(),
      aHigher: z.number(),
      bHigher: z.number(),
      difference: seedDelta.nullable(),
      left: leftOut,
    }),
  ),
  /** One measure of all units of several runs, for distributions side by side; runs without units are absent. */
  'compare.distributions': method(
    { view: true, audited: false, paths: [] },
    z.object({
      ids: z.array(id).min(1).max(200),
      column: z.string().default('avg_correlation'),
      filter: unitFilter,
    }),
    z.object({
      /** Measures that at least one of the runs has, and what can be filtered by. */
      columns: z.array(z.string()),
      areas: z.array(z.string()),
      sessions: z.array(z.string()),
      /** Which column stands for the ceiling; null where nothing is known about reliability. */
      ceiling: z.enum(['ceiling', 'oracle']).nullable(),
      hasFev: z.boolean(),
      runs: z.array(
        z.object({
          id,
          /** `session unit` of every value. */
          units: z.array(z.string()),
          values: z.array(z.number()),
          left: leftOut,
        }),
      ),
    }),
  ),
  'compare.export': method(
    { view: true, audited: false, paths: [] },
    z.object({
      ids: z.array(id).min(1).max(200),
      baseline: id.nullable().default(null),
      source: scoreSource.default('final'),
      /** One row per setting over its seeds instead of one per run. */
      overSeeds: z.boolean().default(false),
      format: exportFormat,
    }),
    file,
  ),
} as const
