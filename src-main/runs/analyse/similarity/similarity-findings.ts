import type { Analysis } from '../../../../src-shared/contract/analysis.ts'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { foldsOf } from '../../../engine/analysis/layer-regression.ts'
import type { Progress } from '../../../engine/analysis/responder.ts'
import type { ImageMatrix } from '../../../engine/eval/similarity/features.ts'
import type { DataSet, NamedArray } from '../../../engine/types.ts'
import type { TrainedRun } from '../../evaluate/trained-run.ts'
import type { Findings } from '../findings.ts'
import { rdmArray, stackedRows } from '../findings.ts'
import type { ImageSet } from './image-set.ts'
import { fingerprintOfImages, imageSet } from './image-set.ts'
import { openLayers, shortId } from './opened-layers.ts'
import type { RecordedRepresentation } from './recorded-representation.ts'
import { recordedRepresentation } from './recorded-representation.ts'
import type { ComparedLayer, SimilarityOptions } from './representations.ts'
import { comparedLayers } from './representations.ts'
import type { LayerScores } from './similarity-measures.ts'
import { layerScores, matricesOf, profilesOf } from './similarity-measures.ts'

/** Name of the RDM of the recorded responses. */
const RESPONSES = 'responses'

/** Further runs at a time: each brings as many layers. */
const MOST_OTHERS = 8
/** Share of a run's work that its activations are. */
const ACTIVATIONS = 0.5

export interface SimilarityWork {
  readonly run: TrainedRun
  readonly others: readonly TrainedRun[]
  readonly data: DataSet
  readonly progress: Progress
}

export interface ComparedOn {
  readonly findings: Findings
  readonly images: ImageSet
  readonly set: NonNullable<Analysis['images']['set']>
}

/**
 * Layers of a run among each other, with those of further runs and with what was recorded to the same images. Besides the findings,
 * `arrays` hold `rdm/<run>/<layer>` and `rdm/responses` [images, images] and `units/<run>` [layers, units].
 * @throws CotrainError `config-invalid` for images or layers that are not there
 */
export async function similarity(
  { run, others, data, progress }: SimilarityWork,
  options: SimilarityOptions,
  rng: Rng,
): Promise<ComparedOn> {
  if (others.length > MOST_OTHERS)
    throw new CotrainError({
      code: 'config-invalid',
      path: 'others',
      message: `${others.length} further runs are too many to compare layers with.`,
      hint: `Name at most ${MOST_OTHERS}.`,
    })
  const images = await imageSet(run, data, options, rng.fork('images'))
  const unit = onUnitScale(images, run)
  const recorded = images.recorded && recordedRepresentation(images.recorded, options, rng.fork('repeats'))
  const all: ComparedRun[] = []
  for (const [i, one] of [run, ...others].entries()) {
    const own: Progress = (done) => progress((i + done) / (1 + others.length))
    const made = await comparedRun({ run: one, isOther: i > 0, images, unit, recorded }, options, rng, own)
    all.push(i === 0 ? made : { ...made, matrices: matricesOf(all[0]!.layers, made.layers, one.record.id) })
  }
  return {
    findings: findingsOf(all, recorded),
    images,
    set: { words: images.words, fingerprint: fingerprintOfImages(images, unit) },
  }
}

/** A run whose layers were compared. */
interface ComparedRun {
  readonly id: string
  readonly layers: readonly ComparedLayer[]
  readonly matrices: Analysis['matrices']
  readonly profiles: Analysis['profiles']
  readonly scores: readonly LayerScores[]
  readonly notes: readonly string[]
}

interface Asked {
  readonly run: TrainedRun
  readonly isOther: boolean
  readonly images: ImageSet
  /** The images on the 0..1 scale. */
  readonly unit: Float32Array
  readonly recorded: RecordedRepresentation | null
}

async function comparedRun(
  { run, isOther, images, unit, recorded }: Asked,
  options: SimilarityOptions,
  rng: Rng,
  progress: Progress,
): Promise<ComparedRun> {
  const opened = openLayers(run, images, options.layers, isOther)
  const { id } = run.record
  const { count } = images
  let layers: readonly ComparedLayer[]
  try {
    const values = asReadBy(unit, opened.normalisation)
    layers = await comparedLayers(opened, { count, values }, options, rng, (done) => progress(ACTIVATIONS * done)) // prettier-ignore
  } finally {
    opened.close()
  }
  const matrices = isOther ? [] : matricesOf(layers, layers, id)
  if (recorded === null) return { id, layers, matrices, profiles: [], scores: [], notes: opened.notes }
  const folds = foldsOf(count, options.folds, rng.fork('folds'))
  const scores = layers.map((layer, i) => {
    const found = layerScores(layer, recorded, folds, rng.fork('draws'))
    progress(ACTIVATIONS + ((1 - ACTIVATIONS) * (i + 1)) / layers.length)
    return found
  })
  const profiles = profilesOf(id, layers, scores, recorded, rng.fork('draws'))
  return { id, layers, matrices, profiles, scores, notes: [...opened.notes, ...flatNotes(run, layers)] }
}

const flatNotes = (run: TrainedRun, layers: readonly ComparedLayer[]): string[] => {
  const flat = layers.filter(({ components }) => components.dims === 0).map(({ name }) => name)
  return flat.length === 0
    ? []
    : [`Run ${shortId(run)}: ${flat.join(', ')} answer every image alike and are like nothing.`]
}

function findingsOf(all: readonly ComparedRun[], recorded: RecordedRepresentation | null): Findings {
  const named = (id: string, layer: string): string => `${id}/${layer}`
  const rdms: [string, ImageMatrix][] = [
    ...(recorded?.representation ? [[RESPONSES, recorded.representation.rdm.rdm] as [string, ImageMatrix]] : []),
    ...all.flatMap(({ id, layers }) => layers.map(({ name, rdm }): [string, ImageMatrix] => [named(id, name), rdm.rdm])),
  ] // prettier-ignore
  return {
    ...{ numbers: [], maps: [], curves: [] },
    layers: all.map(({ id, layers }) => ({
      run: id,
      layers: layers.map(({ name, shape, rule, dims }) => ({
        ...{ name, rule, shape: [...shape], features: dims },
      })),
    })),
    matrices: all.flatMap(({ matrices }) => matrices),
    profiles: all.flatMap(({ profiles }) => profiles),
    rdms: rdms.map(([name]) => name),
    notes: [...(recorded?.notes ?? []), ...all.flatMap(({ notes }) => notes)],
    arrays: new Map([
      ...rdms.map(([name, matrix]) => [rdmArray(name), squareOf(matrix)] as const),
      ...all.flatMap(({ id, scores }) =>
        scores.length === 0
          ? []
          : [[`units/${id}`, stackedRows(scores.map(({ units }) => [...units]))] as const],
      ),
    ]),
  }
}

const squareOf = ({ images, values }: ImageMatrix): NamedArray => ({
  shape: [images, images],
  dtype: 'float32',
  data: Float32Array.from(values),
})

/** One number, or one for each channel, channels last. */
const at = (list: readonly number[], i: number): number => list[i % list.length]!

function onUnitScale({ values, task }: ImageSet, { normalisations }: TrainedRun): Float32Array {
  const { mean, std } = normalisations[task] ?? { mean: [0], std: [1] }
  return values.map((v, i) => v * at(std, i) + at(mean, i))
}

const asReadBy = (unit: Float32Array, { mean, std }: { mean: readonly number[]; std: readonly number[] }) =>
  unit.map((v, i) => (v - at(mean, i)) / at(std, i))
