import { z } from 'zod'
import { runStatus } from '../run.ts'

/** `new`: not queued yet; `stopped`: by a person, or its process is gone; `pruned`: ended early by the search. */
const trialState = z.enum(['new', 'queued', 'running', 'stopped', 'finished', 'pruned', 'failed', 'diverged'])
export type TrialState = z.infer<typeof trialState>

/** The search of a family: its trials as they stand and what they say about the options. */
export const searchView = z.object({
  method: z.enum(['grid', 'random', 'sobol', 'bayesian']),
  /** Trials that there will be. */
  planned: z.number(),
  /** Trials of a Bayesian search that were spread evenly before it chose. */
  initial: z.number(),
  /** The rule by which trials are ended early, in words; empty where there is none. */
  prune: z.string(),
  objectives: z.array(z.object({ metric: z.string(), direction: z.enum(['max', 'min']) })),
  options: z.array(
    z.object({ path: z.string(), kind: z.enum(['float', 'int', 'choice']), log: z.boolean() }),
  ),
  trials: z.array(
    z.object({
      /** Counted from 1. */
      number: z.number(),
      state: trialState,
      /** Of each option in order; absent (null) where it does not vary. */
      settings: z.array(z.unknown()),
      /** Of each objective: mean over seeds; of a pruned trial its last on validation data. */
      values: z.array(z.number().nullable()),
      /** Epochs trained, of the run that came furthest. */
      epoch: z.number(),
      runs: z.array(z.object({ id: z.string().nullable(), seed: z.number(), status: runStatus.nullable() })),
    }),
  ),
  /** Numbers of the trials that none beats: the best one, or the front of two objectives. Pruned ones have no part in it. */
  best: z.array(z.number()),
  /** Runs from before that count as known, and those with the tag that say nothing here. */
  warm: z.object({ used: z.number(), leftOut: z.number() }),
  /** What a Gaussian process expects of the first objective along each option, the others as in the best trial. */
  slices: z.array(
    z.object({
      path: z.string(),
      at: z.array(z.unknown()),
      mean: z.array(z.number()),
      low: z.array(z.number()),
      high: z.array(z.number()),
    }),
  ),
  importance: z.object({
    /** Trials with a value, and how many are needed. */
    trials: z.number(),
    needed: z.number(),
    /** Share of the variance of the first objective that an option explains alone, with its 95 % interval; empty while too few trials are there. */
    options: z.array(z.object({ path: z.string(), share: z.number(), low: z.number(), high: z.number() })),
  }),
})
export type SearchView = z.infer<typeof searchView>
