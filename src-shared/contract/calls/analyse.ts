import { z } from 'zod'
import { analysis, analysisKind, unitFindings } from '../analysis.ts'
import { runId as id } from '../views.ts'
import { method, ok } from './method.ts'

const key = z.string().max(64)

/** What units of a finished network read, prefer and are excited by, and what its layers are alike to. */
export const analyseCalls = {
  /** An analysis that is there is given as it is. */
  'runs.analyse': method(
    { view: false, audited: true, paths: [] },
    z.object({
      id,
      what: analysisKind,
      /** Names of units, `unit` or `session/unit`; none: the best predicted ones. */
      units: z.array(z.string().min(1).max(400)).max(500).default([]),
      /** How many of the best, where none are named. */
      best: z.number().int().min(1).max(500).default(12),
      /** By the schema of the analysis; unknown names are errors. */
      options: z.record(z.string(), z.unknown()).default({}),
      /** Further runs: those with the same units answer most exciting inputs, the layers of any are compared. */
      others: z.array(id).max(50).default([]),
      job: z.string().max(64).optional(),
    }),
    analysis,
  ),
  /** Analyses that are kept, newest first. */
  'runs.analyses': method({ view: true, audited: false, paths: [] }, z.object({ id }), z.array(analysis)),
  /** Images and curves of some of the units, by their places in the analysis. */
  'runs.analysedUnits': method(
    { view: true, audited: false, paths: [] },
    z.object({ id, key, units: z.array(z.number().int().min(0)).max(50) }),
    z.array(unitFindings),
  ),
  /** RDMs of a similarity of layers [images][images], by their names in it. */
  'runs.analysedRdms': method(
    { view: true, audited: false, paths: [] },
    z.object({ id, key, names: z.array(z.string().max(400)).max(4) }),
    z.array(z.array(z.array(z.number().nullable()))),
  ),
  /** Writes an analysis: .npz (all arrays), .csv (numbers), or, without an ending, a new folder of PNGs. */
  'runs.exportAnalysis': method(
    { view: false, audited: true, paths: ['to'] },
    z.object({ id, key, to: z.string().min(1).max(4_000) }),
    z.object({ path: z.string(), written: z.string() }),
  ),
  'runs.removeAnalysis': method({ view: false, audited: true, paths: [] }, z.object({ id, key }), ok),
} as const
