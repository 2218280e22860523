import type { LabelledImages, NeuralSession, NeuralSet } from '../../engine/types.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { invalidFile } from '../formats/base/problem.ts'
import type { CanonicalFile } from './read.ts'
import type { CanonicalSession } from './set.ts'

export interface SessionOptions {
  /** Time bins to reduce (all by default). */
  readonly bins?: readonly number[]
  /** Mean over the bins instead of the sum. */
  readonly average?: boolean
  /** Area to use the session as, where the file names another one than V1 or V4. */
  readonly area?: NeuralSet
}

const PUPIL_AXES = ['pupil_x', 'pupil_y']

/** Keys of the recording sessions in a data file, sorted. */
export const listSessions = (file: CanonicalFile): readonly string[] => file.sessionKeys

/** One session as the engine sees it: responses [trials, units] with time bins reduced, trials as positions of images. */
export function readSession(file: CanonicalFile, key: string, options: SessionOptions = {}): NeuralSession {
  const session = file.session(key)
  return {
    key,
    area: options.area ?? areaOf(file, session),
    images: file.images.source,
    units: session.units.id,
    responses: reduceBins(file.path, session, options),
    imageIndex: imagePositions(file, session),
    tier: session.trials.tier,
    ...(session.trials.behavior && { behavior: session.trials.behavior }),
    ...(session.trials.pupilCenter && {
      pupil: { names: PUPIL_AXES, values: session.trials.pupilCenter },
    }),
    ...ceilings(file, session),
  }
}

/** Images and classes of a data file, or null when it has no labels. Images without a label are left to the caller. */
export function readLabels(file: CanonicalFile): LabelledImages | null {
  const { source, label, labelNames } = file.images
  if (!label) return null
  const classes = label.reduce((most, value) => Math.max(most, value + 1), 0)
  return {
    images: source,
    labels: label,
    classNames: labelNames ?? Array.from({ length: classes }, (_, i) => String(i)),
  }
}

function areaOf(file: CanonicalFile, { key, area }: CanonicalSession): NeuralSet {
  const name = area.toLowerCase()
  if (name === 'v1' || name === 'v4') return name
  throw new CotrainError({
    code: 'file-invalid',
    path: `${file.path}, /sessions/${key}`,
    message: `its area is "${area}", expected V1 or V4.`,
    hint: 'State in the config which readout it trains.',
  })
}

function imagePositions(file: CanonicalFile, { key, trials }: CanonicalSession): Int32Array {
  const position = new Map(Array.from(file.images.id, (id, i) => [id, i]))
  return trials.imageId.map((id, trial) => {
    const found = position.get(id)
    if (found === undefined)
      throw invalidFile(
        file.path,
        `/sessions/${key}/trials/image_id`,
        `trial ${trial} shows image ${id}, which is not in /images/id.`,
      )
    return found
  })
}

function reduceBins(
  path: string,
  session: CanonicalSession,
  { bins, average = false }: SessionOptions,
): Float32Array {
  const chosen = bins ?? Array.from({ length: session.bins }, (_, i) => i)
  const outside = chosen.find((bin) => bin < 0 || bin >= session.bins)
  if (outside !== undefined)
    throw invalidFile(
      path,
      `/sessions/${session.key}/responses`,
      `bin ${outside} was asked for, there are ${session.bins}.`,
      'Choose bins that exist.',
    )
  if (session.bins === 1) return session.responses
  const scale = average ? 1 / chosen.length : 1
  return Float32Array.from({ length: session.responses.length / session.bins }, (_, cell) => {
    let sum = 0
    for (const bin of chosen) sum += session.responses[cell * session.bins + bin]! // bins were checked above
    return sum * scale
  })
}

/** Known ceilings belong to the one synthetic session whose units they describe. */
function ceilings(file: CanonicalFile, session: CanonicalSession): Partial<NeuralSession> {
  const truth = file.sessionKeys.length === 1 ? file.groundTruth() : null
  const perUnit = (name: string): Float32Array | null => {
    const value = truth?.get(name)
    if (typeof value !== 'object' || value.data.length !== session.units.id.length) return null
    return Float32Array.from(value.data)
  }
  const [repeatCeiling, singleTrialCeiling] = [perUnit('repeat_ceiling'), perUnit('single_trial_ceiling')]
  return { ...(repeatCeiling && { repeatCeiling }), ...(singleTrialCeiling && { singleTrialCeiling }) }
}
