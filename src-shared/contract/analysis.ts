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
  images: z.object({ count: z.number().int(), data: z.string() }),
  /** Of the images, as the network reads them. */
  size: z.object({ height: z.number().int(), width: z.number().int(), channels: z.number().int() }),
  units: z.array(analysedUnit),
  numbers: z.array(numberColumn),
  maps: z.array(imageColumn),
  curves: z.array(curveColumn),
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
