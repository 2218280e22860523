import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import type { NeuralOptions } from '../../../src-shared/schema/dataset/neural-fields.ts'
import type { Conditions } from '../../../src-shared/schema/dataset/corruptions.ts'
import { imgLoader } from '../../../src-shared/schema/dataset/img-loader.ts'
import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import type { NeuralSet } from '../../engine/types.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { PART_KEYS, wantedParts } from '../../data/places/wanted-parts.ts'
import { fitKind } from '../../data/image-sets/image-set.ts'
import { neuralSource } from '../../data/sources/neural-source.ts'
import type { NamedSet } from './named-set.ts'
import type { TrainedRun } from './trained-run.ts'
import { AREAS } from '../../../src-shared/schema/names.ts'

/** The dataset config under which a run sees another set exactly as it saw its own. */
export interface OtherData {
  readonly choice: DatasetChoice
  readonly notes: readonly string[]
}

const refuse = (path: string, message: string, hint: string): CotrainError =>
  new CotrainError({ code: 'config-invalid', path, message, hint })

/** @throws CotrainError naming what of the set does not fit the run */
export async function otherData(
  run: TrainedRun,
  set: NamedSet,
  conditions: Conditions,
  deps: DataDeps,
): Promise<OtherData> {
  const short = run.record.id.slice(0, 10)
  if (set.kind === 'images') {
    const options = imageOptionsOf(run)
    if (options === null || !run.tasks.includes('img_classification'))
      throw refuse(
        set.name,
        `holds images with classes, run ${short} does not classify a set of images.`,
        'Name a recording.',
      )
    return { choice: imageChoice(options, run, set, conditions), notes: [] }
  }
  if (Object.keys(conditions).length > 0)
    throw refuse('--conditions', 'corruptions are for sets of images with classes.', 'Leave them out.')
  return recordingChoice(run, set, deps)
}

/** Options of the classification part; null where the run has none of its own. */
export function imageOptionsOf({ record }: Pick<TrainedRun, 'record'>): ImageOptions | null {
  return wantedParts(record.config.dataset).images
}

function imageChoice(
  o: ImageOptions,
  { normalisations }: TrainedRun,
  set: NamedSet,
  conditions: Conditions,
): DatasetChoice {
  const place =
    o.dataset_cls === 'ImageNet'
      ? { data_dir: set.place }
      : set.isRegistered
        ? { dataset_cls: 'library' as const, data_set: set.place, fit: fitKind(o) }
        : { dataset_cls: 'ImageFolder' as const, data_dir: set.place, fit: fitKind(o) }
  const { mean, std } = normalisations.img_classification ?? { mean: [0], std: [1] }
  const config = {
    ...o,
    ...place,
    ...WHOLE_SET,
    train_data_mean: [...mean],
    train_data_std: [...std],
    add_fly_corrupted_test: conditions,
  }
  return { fn: 'img_loader', config }
}

/** Nothing is chosen from the set, and nothing but its images and the named conditions is scored. */
const WHOLE_SET = {
  test_subset: 1,
  fly_subset: 1,
  filter_classes: null,
  reduce_to_filtered_classes: false,
  apply_augmentation: false,
  examples_per_class: null,
  use_c_test_as_val: false,
  add_corrupted_test: false,
  add_out_domain_test: false,
  add_imagenet_fly_test: false,
  add_rotated_test: false,
  add_stylized_test: false,
  validation_gauss: [],
}

/** Options of the recording of an area; null where the run has none. */
export function neuralOptionsOf(
  { record }: Pick<TrainedRun, 'record'>,
  area: NeuralSet,
): NeuralOptions | null {
  const { dataset } = record.config
  const own = wantedParts(dataset).neural.find((part) => part.area === area)?.options ?? null
  // A loader of one part may be for the classes of its images alone.
  return dataset.fn === 'mtl_loader' || own?.target_types.includes(area) === true ? own : null
}

/** Sessions of the set, found by the names of the run's readouts. */
async function recordingChoice(run: TrainedRun, set: NamedSet, deps: DataDeps): Promise<OtherData> {
  const parts: Partial<Record<'v1_dataset_dict' | 'v4_dataset_dict', NeuralOptions>> = {}
  const notes: string[] = []
  const readouts: string[] = []
  for (const area of AREAS) {
    const own = neuralOptionsOf(run, area)
    const sessions = run.shapes.sessions.filter((s) => s.area === area)
    if (own === null || sessions.length === 0) continue
    readouts.push(...sessions.map(({ key }) => key))
    const normalisation = run.normalisations[area]
    const options = {
      ...own,
      dataset: set.place,
      variant: 'normal' as const,
      target_types: [area],
      exclude: [],
      sessions: [],
      apply_augmentation: false,
      stats:
        normalisation === undefined
          ? own.stats
          : { mean: [...normalisation.mean], std: [...normalisation.std] },
    }
    const keys = await sessionKeys(options, area, run, deps)
    const known = sessions.map(({ key }) => key).filter((key) => keys.includes(key))
    notes.push(
      ...leftOut(
        sessions.map(({ key }) => key),
        keys,
        area,
      ),
    )
    if (own.variant === 'shuffled')
      notes.push(`${area}: responses are not shuffled here, as they were in training.`)
    if (known.length > 0) parts[PART_KEYS[area]] = { ...options, sessions: known }
  }
  if (Object.keys(parts).length > 0) {
    const none = {
      classification_loader: 'none' as const,
      img_dataset_dict: imgLoader.schema.parse({}), // defaults that nothing reads
      v1_dataset_dict: null,
      v4_dataset_dict: null,
    }
    return { choice: { fn: 'mtl_loader', config: { ...none, ...parts } }, notes }
  }
  throw readouts.length === 0
    ? refuse(
        set.name,
        `is a recording, run ${run.record.id.slice(0, 10)} predicts no responses.`,
        'Name a set of images.',
      )
    : refuse(
        set.name,
        `has none of the sessions that run ${run.record.id.slice(0, 10)} has readouts for (${readouts.join(', ')}). ${notes.join(' ')}`.trim(),
        'Readouts are found by the names of sessions: import the recording under these names, or predict its images with `cotrain predict`.',
      )
}

async function sessionKeys(
  options: NeuralOptions,
  area: NeuralSet,
  { record }: TrainedRun,
  deps: DataDeps,
): Promise<readonly string[]> {
  const source = await neuralSource(
    { area, options, seed: record.config.data_seed, classification: null },
    deps,
  )
  const file = await source.open()
  try {
    return file.sessionKeys
  } finally {
    file.close()
  }
}

function leftOut(own: readonly string[], found: readonly string[], area: NeuralSet): string[] {
  const missing = own.filter((key) => !found.includes(key))
  const further = found.filter((key) => !own.includes(key))
  return [
    ...(missing.length === 0 ? [] : [`${area}: not in the set are the sessions ${missing.join(', ')}.`]),
    ...(further.length === 0 ? [] : [`${area}: no readout for the sessions ${further.join(', ')}.`]),
  ]
}

/** What of the data that were found does not fit the network. */
export function misfits(
  run: Pick<TrainedRun, 'shapes'>,
  found: TrainedRun['shapes'],
  name: string,
): Problem[] {
  const { inputs, sessions } = run.shapes
  const size = (s: { height: number; width: number; channels: number }): string =>
    `${s.height} x ${s.width} x ${s.channels}`
  const problem = (message: string, hint: string): Problem => ({
    code: 'config-invalid',
    path: name,
    message,
    hint,
  })
  return [
    ...Object.entries(found.inputs).flatMap(([task, shape]) => {
      const own = inputs[task as keyof typeof inputs]
      if (own === undefined || size(own) === size(shape)) return []
      return [
        problem(
          `its images reach the network at ${size(shape)} (height, width, channels), the ${task} part of the run was trained at ${size(own)}.`,
          'Bring the images to the size and channels of the run before, with the same framing.',
        ),
      ]
    }),
    ...found.sessions.flatMap(({ key, units }) => {
      const own = sessions.find((s) => s.key === key)
      if (own === undefined || own.units === units) return []
      return [
        problem(
          `session ${key} has ${units} units, the readout of the run ${own.units}.`,
          'Give the units of the training, in their order.',
        ),
      ]
    }),
  ]
}
