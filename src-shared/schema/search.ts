import { z } from 'zod'
import { isTestMode, metricParts } from '../contract/metric-keys.ts'
import { metricInfo } from '../contract/metrics.ts'
import { SOBOL_DIMENSIONS } from '../util/sobol.ts'
import { gridOf, spaceFaults, spaceFields } from './search-space.ts'

/** Beyond this the model of a Bayesian search takes seconds for each trial. */
const MOST_BAYESIAN = 200
const MOST_TRIALS = 1000
/** Before constraints and `trials` take some away. */
const MOST_GRID = 10_000

/** What is searched for: a score of the finished runs, the mean over their seeds. */
const objective = z.strictObject({
  /** Key of the score, such as `FinalValidation/v1/eval`. */
  metric: z.string().min(1),
  /** Absent: as the score is read, accuracy and correlation upwards, losses downwards. */
  direction: z.enum(['max', 'min']).optional(),
})

/** When a trial that falls behind is ended early, by the validation curve of the objective. */
const prune = z.discriminatedUnion('rule', [
  z.strictObject({
    rule: z.literal('median'),
    /** Trials that must have finished before any is ended. */
    trials: z.number().int().min(1).default(5),
    /** Epochs in which no trial is ended. */
    epochs: z.number().int().min(0).default(1),
  }),
  z.strictObject({
    rule: z.literal('hyperband'),
    /** Epochs that every trial gets. */
    epochs: z.number().int().min(1).default(1),
    /** At each rung one of so many goes on. */
    factor: z.number().int().min(2).default(3),
  }),
])
export type Prune = z.output<typeof prune>

/** A search over options: trials by a grid, at random, spread evenly, or each chosen from what those before it came to. */
export const searchSchema = z
  .strictObject({
    method: z.enum(['grid', 'random', 'sobol', 'bayesian']),
    /** Absent for a grid: all of it. */
    trials: z.number().int().min(1).max(MOST_TRIALS).optional(),
    seed: z.number().int().min(0).default(1000),
    ...spaceFields,
    /** One, or two that are weighed against each other; none: the validation score by which the runs choose their weights. */
    objectives: z.array(objective).max(2).default([]),
    /** Allows objectives on test images, which are no test any more once options are chosen by them. */
    on_test: z.boolean().default(false),
    /** Trials spread evenly before a Bayesian search chooses; absent: two for each option, at least 5. */
    initial: z.number().int().min(1).max(MOST_BAYESIAN).optional(),
    /** Trials of a Bayesian search that wait or work at a time. */
    parallel: z.number().int().min(1).max(64).default(1),
    prune: prune.nullable().default(null),
    /** Runs that are there and count as known before the first trial: ids, or `tag:` and a tag. */
    warm_start: z.array(z.string().min(1)).default([]),
    /** The trials that a Bayesian search has chosen so far. The app writes them as it goes; nothing else of a search is kept. */
    made: z.array(z.record(z.string(), z.unknown())).default([]),
  })
  .superRefine((search, context) => {
    const fault = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message })
    for (const { path, message } of spaceFaults(search)) fault(path, message)
    const { method, space, trials, objectives, on_test: isOnTest, made } = search
    if (method !== 'grid' && trials === undefined)
      fault(['trials'], 'says how many trials there are; write a number')
    if (method === 'grid') {
      const levels = space.map(gridOf)
      for (const [i, values] of levels.entries())
        if (values === null) fault(['space', i], 'a grid needs points (how many values) or a step')
      if (levels.reduce((n, values) => n * (values?.length ?? 1), 1) > MOST_GRID)
        fault(
          ['space'],
          `a grid crosses every value with every other, and these are more than ${MOST_GRID}; use fewer points, or sobol`,
        )
    }
    if (method === 'sobol' && space.length > SOBOL_DIMENSIONS)
      fault(['space'], `a Sobol sequence is there for ${SOBOL_DIMENSIONS} options; use random for more`)
    if (method === 'bayesian' && (trials ?? 0) > MOST_BAYESIAN)
      fault(['trials'], `a Bayesian search has at most ${MOST_BAYESIAN} trials; use sobol or random for more`)
    if (method !== 'bayesian' && made.length > 0) fault(['made'], 'only a Bayesian search chooses its trials')
    if (search.prune !== null && objectives.length > 1)
      fault(['prune'], 'trials are ended by one objective; leave one of both')
    for (const [i, { metric, direction }] of objectives.entries()) {
      if (direction === undefined && metricInfo(metric).goal === 'none')
        fault(
          ['objectives', i],
          `it is not known whether more of "${metric}" is better; add direction: max or min`,
        )
      if (!isOnTest && isOfTest(metric))
        fault(
          ['objectives', i, 'metric'],
          'options chosen by a test score make it too good; use FinalValidation/…, or set on_test: true and test on other data',
        )
    }
  })
export type Search = z.output<typeof searchSchema>

/** Corrupted images are test images, too. */
const isOfTest = (key: string): boolean => !/^(FinalValidation|FinalTraining)/.test(key) && isFinal(key)
const isFinal = (key: string): boolean =>
  isTestMode(metricParts(key)?.mode ?? '') || /^(FinalTest|Robustness|[a-z_]+_test )/.test(key)

/** Whether trials come, or end, by what others came to: its recipe grows by itself. */
export const isAdaptive = (search: Search | null): search is Search => search?.method === 'bayesian'

/** How many trials come before those that a Bayesian search chooses. */
export const initialTrials = ({ trials = 0, initial, space }: Search): number =>
  Math.min(trials, initial ?? Math.max(5, 2 * space.length))

/** An objective with all that is left open filled in. */
export interface Objective {
  readonly metric: string
  readonly direction: 'max' | 'min'
}
