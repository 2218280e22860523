import { z } from 'zod'
import { ANALYSES } from '../schema/analysis/analyses.ts'
import type { AnalysisKind } from '../schema/analysis/analyses.ts'

export const analysisKind = z.enum(Object.keys(ANALYSES) as [AnalysisKind, ...AnalysisKind[]]) // keys of a table of ours

/** A unit that was analysed. */
const analysedUnit = z.object({
  area: z.string(),
  session: z.string(),
  unit: z.string(),
  /** Its place among the units of the session. */
  index: z.number().int(),
})
export type AnalysedUnit = z.infer<typeof analysedUnit>

const numberColumn = z.object({
  name: z.string(),
  label: z.string(),
  unit: z.string(),
  help: z.string(),
  digits: z.number().int(),
  /** One for each unit. */
  values: z.array(z.number().nullable()),
})

/** An image for each unit; its pixels are kept apart. */
const imageColumn = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  /** `signed`: grey is 0; `amount`: black is 0; `shown`: grey levels as a screen shows them. */
  scale: z.enum(['signed', 'amount', 'shown']),
})

/** A curve for each unit. */
const curveColumn = z.object({
  name: z.string(),
  label: z.string(),
  x: z.string(),
  y: z.string(),
  log: z.boolean(),
})

/** A layer of a run whose activations were compared. */
const comparedLayer = z.object({
  name: z.string(),
  /** Of its output, channels last. */
  shape: z.array(z.number().int()),
  /** How its outputs became features, and how many. */
  rule: z.enum(['all', 'spatial-mean', 'projection']),
  features: z.number().int(),
})

/** A measure of pairs of layers: those of the run down, those of another run or the same ones across. */
const layerMatrix = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  /** The run across. */
  across: z.string(),
  rows: z.array(z.string()),
  columns: z.array(z.string()),
  values: z.array(z.array(z.number().nullable())),
})

/** A measure of each layer of a run against the recorded responses. */
const layerProfile = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  /** Whose layers. */
  run: z.string(),
  layers: z.array(z.string()),
  values: z.array(z.number().nullable()),
  /** Ends of a 95 % interval for each layer; null where there is none. */
  low: z.array(z.number().nullable()),
  high: z.array(z.number().nullable()),
  /** How many, and what of. */
  n: z.number().int(),
  of: z.enum(['units', 'images']),
  /** The best that a model could reach; null where repeats do not tell. */
  ceiling: z.object({ label: z.string(), value: z.number() }).nullable(),
})

/** What an analysis of a trained network found: numbers, images and curves of each unit. Kept beside the run. */
export const analysis = z.object({
  /** Equal for equal runs, units and options. */
  key: z.string(),
  version: z.number().int(),
  what: analysisKind,
  at: z.number(),
  /** Seconds that it took. */
  seconds: z.number(),
  engine: z.string(),
  options: z.record(z.string(), z.unknown()),
  /** Further runs whose responses were asked, in order. */
  others: z.array(z.string()),
  /** Images of the recording that were used, and the fingerprint of the data. */
  images: z.object({
    count: z.number().int(),
    data: z.string(),
    /** Which images, in words, and the fingerprint of their pixels; where analyses of other runs must have the same ones. */
    set: z.object({ words: z.string(), fingerprint: z.string() }).optional(),
  }),
  /** Of the images, as the network reads them. */
  size: z.object({ height: z.number().int(), width: z.number().int(), channels: z.number().int() }),
  units: z.array(analysedUnit),
  numbers: z.array(numberColumn),
  maps: z.array(imageColumn),
  curves: z.array(curveColumn),
  /** Layers by run: the run's own, then those of further runs. */
  layers: z.array(z.object({ run: z.string(), layers: z.array(comparedLayer) })).default([]),
  matrices: z.array(layerMatrix).default([]),
  profiles: z.array(layerProfile).default([]),
  /** RDMs that are kept: `<run>/<layer>`, and `responses`. */
  rdms: z.array(z.string()).default([]),
  notes: z.array(z.string()),
})
export type Analysis = z.infer<typeof analysis>

/** Images and curves of one unit, to be drawn. */
export const unitFindings = z.object({
  maps: z.array(z.object({ name: z.string(), png: z.string() })),
  curves: z.array(
    z.object({
      name: z.string(),
      x: z.array(z.number()),
      y: z.array(z.number().nullable()),
      /** The fitted curve at x; null where none is. */
      fit: z.array(z.number()).nullable(),
    }),
  ),
})
export type UnitFindings = z.infer<typeof unitFindings>
