import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { AnalysisOptions } from '../../../../src-shared/schema/analysis/analyses.ts'
import { AREAS } from '../../../../src-shared/schema/names.ts'
import { counted } from '../../../../src-shared/util/counted.ts'
import { nearestName } from '../../../../src-shared/util/nearest-name.ts'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { AnimalState } from '../../../engine/analysis/network-responder.ts'
import type { InputShape } from '../../../engine/data/loaders/input-source.ts'
import type { RepeatedResponses } from '../../../engine/eval/measures/repeated-responses.ts'
import { repeatsOfImages } from '../../../engine/eval/measures/repeated-responses.ts'
import type { DataSet, Loader, TaskName } from '../../../engine/types.ts'
import { startSha256 } from '../../../disk/sha256.ts'
import type { TrainedRun } from '../../evaluate/trained-run.ts'
import { joined, rowsOf, runningMean } from '../recorded-images.ts'

type Wish = Pick<AnalysisOptions<'similarity'>, 'pictures' | 'session' | 'part' | 'images' | 'folds'>

/** The images that all layers are compared on, as the run reads them, and what was recorded to them. */
export interface ImageSet {
  readonly task: TaskName
  readonly shape: InputShape
  readonly count: number
  readonly values: Float32Array
  /** Of the animal, mean over the trials. */
  readonly state: AnimalState
  /** Trials by image, in the order of the images; null for images of the classification. */
  readonly recorded: { readonly session: string; readonly responses: RepeatedResponses } | null
  /** Which images, for people. */
  readonly words: string
}

/** Fewer images than that in a fold make no correlation. */
const LEAST_IN_FOLD = 4
const LEAST = 8

/**
 * Test images (or also validation images) of a session or of the classification, drawn by `rng` where there are more than wanted.
 * @throws CotrainError `config-invalid` for a session that is not there, a run without such images, or too few of them
 */
export async function imageSet(run: TrainedRun, data: DataSet, wish: Wish, rng: Rng): Promise<ImageSet> {
  const found = wish.pictures === 'recording' ? await ofRecording(run, data, wish, rng) : await ofClasses(run, data, wish, rng) // prettier-ignore
  const folds = found.recorded === null ? 1 : wish.folds
  const needed = Math.max(LEAST, LEAST_IN_FOLD * folds)
  if (found.count < needed)
    throw refuse(
      'options.images',
      `${found.count} images (${found.words}) are too few: ${folds > 1 ? `${folds} folds need` : 'at least'} ${needed}.`,
      wish.part === 'test' ? 'Take the validation images too (part=held-out), or fewer folds.' : 'Take fewer folds or more images.',
    ) // prettier-ignore
  return found
}

const refuse = (path: string, message: string, hint: string): CotrainError =>
  new CotrainError({ code: 'config-invalid', path, message, hint })

/** Test loaders, and those of the validation where they count. */
const loadersOf = (
  { test, validation }: DataSet,
  { part }: Wish,
  task: TaskName,
  key: string | null,
): Loader[] =>
  (part === 'test' ? [test] : [test, validation]).flatMap((tier) => {
    const of = tier[task]
    const loader = key === null ? [...(of?.values() ?? [])][0] : of?.get(key)
    return loader === undefined ? [] : [loader]
  })

const partWords = ({ part }: Wish): string => (part === 'test' ? 'test images' : 'test and validation images')

async function ofRecording(run: TrainedRun, data: DataSet, wish: Wish, rng: Rng): Promise<ImageSet> {
  const { area, key } = chosenSession(run, wish.session)
  const loaders = loadersOf(data, wish, area, key)
  if (loaders.length === 0)
    throw refuse(
      'options.session',
      `session ${key} has no ${partWords(wish)}.`,
      wish.part === 'test' ? 'Take the validation images (part=held-out), or another session.' : 'Choose another session.',
    ) // prettier-ignore
  const { shown, trials, behavior, pupil } = await shownIn(loaders)
  const chosen = drawn(shown.length, wish.images, rng)
  return {
    task: area,
    shape: run.shapes.inputs[area]!, // the run has sessions of it
    count: chosen.length,
    values: joined(chosen.map((i) => shown[i]!)),
    state: { behavior, pupil },
    recorded: { session: key, responses: repeatsOfImages(chosen.map((i) => trials[i]!)) },
    words: `${counted(chosen.length, 'image')} of the ${shown.length} ${partWords(wish)} of session ${key}`,
  }
}

function chosenSession({ shapes }: TrainedRun, wanted: string | null) {
  const all = AREAS.flatMap((area) => shapes.sessions.filter((s) => s.area === area))
  const found = wanted === null ? all[0] : all.find(({ key }) => key === wanted)
  if (found !== undefined) return found
  if (wanted === null)
    throw refuse(
      'options.pictures',
      'the run has no recording.',
      'Compare on the images of its classification (pictures=classification).',
    )
  const near = nearestName(wanted, all.map(({ key }) => key)) // prettier-ignore
  const hint =
    near === null ? `It has ${all.map(({ key }) => key).join(', ') || 'none'}.` : `Did you mean "${near}"?`
  throw refuse('options.session', `the run has no session "${wanted}".`, hint)
}

/** Every image of the loaders once, in the order they come, with its trials [units]. */
async function shownIn(loaders: readonly Loader[]) {
  const places = new Map<number, number>()
  const shown: Float32Array[] = []
  const trials: Float32Array[][] = []
  const [behavior, pupil] = [runningMean(), runningMean()]
  for (const loader of loaders)
    for await (const { index, inputs, batch } of rowsOf(loader)) {
      const [size, units] = [inputs.length / index.length, batch.targets.shape[1] ?? 0]
      const targets = await batch.targets.data<'float32'>()
      behavior.add((await batch.behavior?.data<'float32'>()) ?? null, index.length)
      pupil.add((await batch.pupil?.data<'float32'>()) ?? null, index.length)
      index.forEach((image, i) => {
        const place = places.get(image) ?? shown.length
        if (place === shown.length) {
          places.set(image, place)
          shown.push(inputs.slice(i * size, (i + 1) * size))
          trials.push([])
        }
        trials[place]!.push(targets.slice(i * units, (i + 1) * units))
      })
    }
  return { shown, trials, behavior: behavior.values(), pupil: pupil.values() }
}

async function ofClasses(run: TrainedRun, data: DataSet, wish: Wish, rng: Rng): Promise<ImageSet> {
  const shape = run.shapes.inputs.img_classification
  const loaders = loadersOf(data, wish, 'img_classification', null)
  if (shape === undefined || loaders.length === 0)
    throw refuse(
      'options.pictures',
      `the run has no ${partWords(wish)} of a classification.`,
      'Compare on the images of a recording (pictures=recording).',
    )
  const all = loaders.reduce((sum, { size }) => sum + size, 0)
  const wanted = new Set(drawn(all, wish.images, rng))
  const shown: Float32Array[] = []
  let at = 0
  for (const loader of loaders)
    for await (const { index, inputs } of rowsOf(loader)) {
      const size = inputs.length / index.length
      for (let i = 0; i < index.length; i++)
        if (wanted.has(at++)) shown.push(inputs.slice(i * size, (i + 1) * size))
    }
  return {
    task: 'img_classification',
    shape,
    count: shown.length,
    values: joined(shown),
    state: { behavior: [], pupil: [] },
    recorded: null,
    words: `${counted(shown.length, 'image')} of the ${all} ${partWords(wish)} of the classification`,
  }
}

/** Ascending places of `wanted` out of `all`. */
const drawn = (all: number, wanted: number, rng: Rng): number[] =>
  all <= wanted
    ? Array.from({ length: all }, (_, i) => i)
    : [...rng.permutation(all).slice(0, wanted)].sort((a, b) => a - b)

/** Of the pixels on the 0..1 scale, to a ten-thousandth: equal for runs that normalise the same images differently. */
export function fingerprintOfImages({ shape }: ImageSet, unit: Float32Array): string {
  const levels = Int32Array.from(unit, (v) => Math.round(10_000 * v))
  return startSha256()
    .update(`${shape.height} ${shape.width} ${shape.channels}`)
    .update(new Uint8Array(levels.buffer))
    .digest('hex')
}
