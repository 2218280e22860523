import type { AnalysisKind, AnalysisOptions } from '../../../src-shared/schema/analysis/analyses.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { Rng } from '../../../src-shared/util/rng.ts'
import type { ExcitingInputs } from '../../engine/analysis/exciting-inputs.ts'
import { excitingInputs } from '../../engine/analysis/exciting-inputs.ts'
import { receptiveFields } from '../../engine/analysis/receptive-field.ts'
import { responsesTo } from '../../engine/analysis/responder.ts'
import type { TriggeredAverage } from '../../engine/analysis/triggered-average.ts'
import { triggeredAverages } from '../../engine/analysis/triggered-average.ts'
import { tuningOf } from '../../engine/analysis/tuning.ts'
import type { AnalysisWork } from './analysis-work.ts'
import { fieldFindings } from './field-findings.ts'
import type { Findings } from './findings.ts'
import type { OtherAnswers } from './mei-findings.ts'
import { meiFindings } from './mei-findings.ts'
import { bySession, normalisationOf, openResponder } from './open-responder.ts'
import { readoutPlaces } from './readout-places.ts'
import { recordedResponses } from './recorded-images.ts'
import { tuningFindings } from './tuning-findings.ts'

/** Analyses of units. */
export type UnitAnalysis = Exclude<AnalysisKind, 'similarity'>

type Methods = {
  readonly [K in UnitAnalysis]: (
    work: AnalysisWork,
    options: AnalysisOptions<K>,
    rng: Rng,
  ) => Promise<Findings>
}

/** How each analysis is made of what the engine computes. */
export const METHODS: Methods = { 'receptive-field': receptiveField, tuning, mei }

/** Share of an analysis that finding the fields is, where they are needed first. */
const FIELDS = 0.3

async function receptiveField(
  work: AnalysisWork,
  options: AnalysisOptions<'receptive-field'>,
  rng: Rng,
): Promise<Findings> {
  const { run, units, opened, images, deps, progress } = work
  const { responder, params } = opened
  const fields = await receptiveFields(responder, images, (done) => progress(0.8 * done))
  const averages = await averagesOf(work, options, rng)
  const places = await readoutPlaces(deps.store, run.record.id, units, params, responder.shape)
  return fieldFindings(fields, averages, places, responder.shape)
}

async function averagesOf(
  { data, area, units }: AnalysisWork,
  { recorded, shuffles }: AnalysisOptions<'receptive-field'>,
  rng: Rng,
): Promise<readonly (TriggeredAverage | null)[]> {
  const found: (TriggeredAverage | null)[] = []
  for (const { session, units: own } of bySession(units)) {
    const responses = await recordedResponses(data, area, session, own, recorded)
    found.push(
      ...(responses === null
        ? own.map(() => null)
        : await triggeredAverages(responses, shuffles, rng.fork('shuffles').fork(session))),
    )
  }
  return found
}

async function tuning(work: AnalysisWork, options: AnalysisOptions<'tuning'>, rng: Rng): Promise<Findings> {
  const { opened, images, scale, progress } = work
  const { responder } = opened
  const { width } = responder.shape
  const highest = options.highest ?? width / 3
  if (highest <= options.lowest || highest > width / 2)
    throw new CotrainError({
      code: 'config-invalid',
      path: 'options.highest',
      message: `gratings from ${options.lowest} to ${highest} cycles do not fit images of ${width} pixels.`,
      hint: `Choose a highest frequency above the lowest and at most ${width / 2}.`,
    })
  const fields = await receptiveFields(responder, images, (done) => progress(FIELDS * done))
  const places = fields.map(({ place }) => place)
  const found = await tuningOf(
    responder,
    places,
    { ...options, highest },
    scale,
    rng.fork('tuning'),
    (done) => progress(FIELDS + (1 - FIELDS) * done),
  )
  return tuningFindings(found, fields, { width, pixelsPerDegree: options.pixels_per_degree })
}

async function mei(work: AnalysisWork, options: AnalysisOptions<'mei'>, rng: Rng): Promise<Findings> {
  const { opened, images, scale, progress } = work
  const { responder } = opened
  const { step_size: stepSize, ...rest } = options
  const found = await excitingInputs(responder, { ...rest, stepSize }, scale, rng.fork('mei'), progress)
  const usual = await responsesTo(responder, images)
  const most = (unit: number): number => largest(usual, responder.units, unit)
  const others: OtherAnswers[] = []
  for (const other of work.others) others.push(await answersOf(other, found, work))
  return meiFindings(found, found.units.map((_, unit) => most(unit)), others, responder.shape) // prettier-ignore
}

/** What another run predicts for the most exciting inputs of this one, and where that stands among the recording's images. */
async function answersOf(
  other: AnalysisWork['others'][number],
  { units }: ExcitingInputs,
  { run, area, units: chosen, opened, images }: AnalysisWork,
): Promise<OtherAnswers> {
  const { responder, close } = openResponder(other, area, chosen, images.state)
  try {
    const { height, width, channels } = responder.shape
    const own = opened.responder.shape
    if (own.height !== height || own.width !== width || own.channels !== channels)
      throw new CotrainError({
        code: 'config-invalid',
        path: other.record.id.slice(0, 10),
        message: `reads images of ${height} x ${width} x ${channels}, not ${own.height} x ${own.width} x ${own.channels}.`,
        hint: 'Choose runs that read images of one size.',
      })
    const seen = reread(run, other, area)
    const values = Float32Array.from(units.flatMap(({ most }) => [...seen(most.image)]))
    const answers = await responsesTo(responder, { count: units.length, values })
    const usual = await responsesTo(responder, { count: images.count, values: seen(images.values) })
    const n = responder.units
    const most = units.map((_, unit) => answers[unit * n + unit]!)
    const below = (unit: number): number =>
      Array.from({ length: images.count }, (_, i) => usual[i * n + unit]!).filter((v) => v < most[unit]!)
        .length
    return { id: other.record.id, most, rank: units.map((_, unit) => below(unit) / images.count) }
  } finally {
    close()
  }
}

/** Images as one run reads them, as another does. */
function reread(run: AnalysisWork['run'], other: AnalysisWork['run'], area: AnalysisWork['area']) {
  const [from, to] = [normalisationOf(run, area), normalisationOf(other, area)]
  return (values: Float32Array): Float32Array =>
    values.map((v) => (v * from.std + from.mean - to.mean) / to.std)
}

function largest(responses: Float32Array, units: number, unit: number): number {
  let most = -Infinity
  for (let i = unit; i < responses.length; i += units) most = Math.max(most, responses[i]!)
  return most
}
