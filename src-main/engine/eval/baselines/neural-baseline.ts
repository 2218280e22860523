import { createRng } from '../../../../src-shared/util/rng.ts'
import type { DataSet, Loader, NeuralSession, NeuralSet } from '../../types.ts'
import { meanPerImage, groupByImage } from '../measures/repeated-responses.ts'
import type { ResponseMatrix } from '../measures/response-matrix.ts'
import type { SessionPredictions } from '../predict-responses.ts'
import type { SessionScores } from '../score-session.ts'
import { scoreSession } from '../score-session.ts'
import type { BaselineFeatures } from './image-features.ts'
import { imageFeatures } from './image-features.ts'
import { ridgePredictions } from './ridge.ts'

/** Scores of a ridge regression for one session, over the same images and trials as a network's. */
export interface BaselineScores {
  readonly area: NeuralSet
  readonly features: BaselineFeatures
  /** Which trials were scored: the test trials, or validation where the session has no test. */
  readonly part: 'test' | 'validation'
  /** Images that taught and that were scored. */
  readonly taught: number
  readonly scored: number
  readonly scores: SessionScores
}

/** Presented trials in a fixed order: which image, and the recorded responses. */
interface Trials {
  readonly image: Int32Array
  readonly recorded: ResponseMatrix
}

/**
 * Ridge regressions from simple features of the images to the responses of every session: what a network has to beat.
 * They learn from the mean responses to the training and validation images (training alone where a session has no test
 * trials, which then are scored on validation) and are scored as {@link scoreSession} scores a network. Yields the share done.
 */
export async function* neuralBaselines(
  data: DataSet,
  features: BaselineFeatures,
): AsyncGenerator<number, readonly BaselineScores[]> {
  const found: BaselineScores[] = []
  const all = [...data.sessions.values()]
  for (const session of all) {
    const scores = await sessionBaseline(data, session, features)
    if (scores !== null) found.push(scores)
    yield found.length / all.length
  }
  return found
}

async function sessionBaseline(
  data: DataSet,
  session: NeuralSession,
  features: BaselineFeatures,
): Promise<BaselineScores | null> {
  const { area, key } = session
  const [train, validation, test] = [data.train, data.validation, data.test].map((tier) =>
    tier[area]?.get(key),
  )
  const scored = test ?? validation
  if (train === undefined || scored === undefined) return null
  const teachers = test === undefined || validation === undefined ? [train] : [train, validation]
  const taught = meanResponses(joined(await Promise.all(teachers.map(trialsOf))))
  const asked = await trialsOf(scored)
  const shown = Int32Array.from(new Set(asked.image))
  const [x, xTest] = [
    await imageFeatures(session.images, taught.image, features),
    await imageFeatures(session.images, shown, features),
  ]
  const answers = await ridgePredictions(x, { units: taught.units, values: taught.values }, xTest)
  x.dispose()
  xTest.dispose()
  const predictions = perTrial(key, asked, shown, answers)
  const part = test === undefined ? 'validation' : 'test'
  return {
    area,
    features,
    part,
    taught: taught.image.length,
    scored: shown.length,
    scores: scoreSession(predictions, session),
  }
}

/** Image and responses of each trial of a loader; the images it prepares are not used. */
async function trialsOf(loader: Loader): Promise<Trials> {
  const image: number[] = []
  const values: Float32Array[] = []
  let units = 0
  for await (const batch of loader.epoch(createRng(0))) {
    units = batch.targets.shape[1]!
    image.push(...batch.index)
    values.push(await batch.targets.data<'float32'>())
    for (const tensor of [batch.inputs, batch.targets, batch.labels, batch.behavior, batch.pupil])
      tensor?.dispose()
  }
  return { image: Int32Array.from(image), recorded: stacked(values, units) }
}

function stacked(parts: readonly Float32Array[], units: number): ResponseMatrix {
  const values = new Float32Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const part of parts) {
    values.set(part, at)
    at += part.length
  }
  return { rows: values.length / units, units, values }
}

function joined(parts: readonly Trials[]): Trials {
  const units = parts[0]?.recorded.units ?? 0
  return {
    image: Int32Array.from(parts.flatMap((p) => [...p.image])),
    recorded: stacked(
      parts.map((p) => Float32Array.from(p.recorded.values)),
      units,
    ),
  }
}

/** Mean over the trials of each image, images ascending. */
function meanResponses({ image, recorded }: Trials): {
  readonly image: Int32Array
  readonly units: number
  readonly values: Float32Array
} {
  const { responses, imageIds } = groupByImage(recorded, image)
  const { units, values } = meanPerImage(responses)
  return { image: imageIds, units, values: Float32Array.from(values) }
}

function perTrial(
  session: string,
  { image, recorded }: Trials,
  shown: Int32Array,
  answers: Float32Array,
): SessionPredictions {
  const { units, rows } = recorded
  const place = new Map(Array.from(shown, (id, i) => [id, i]))
  const predicted = new Float32Array(rows * units)
  image.forEach((id, trial) => {
    const row = place.get(id)! // every shown image has a place
    predicted.set(answers.subarray(row * units, (row + 1) * units), trial * units)
  })
  return { session, units, trials: rows, predicted, recorded: Float32Array.from(recorded.values), image }
}
