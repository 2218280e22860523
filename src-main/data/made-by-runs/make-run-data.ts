import type { PredictionOptions } from '../../../src-shared/schema/dataset/prediction-fields.ts'
import { recordedPlugins } from '../../../src-shared/schema/plugin/used-plugins.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { imageInputs } from '../../engine/data/loaders/image-inputs.ts'
import type { InputSource } from '../../engine/data/loaders/input-source.ts'
import type { Network } from '../../engine/eval/network.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import type { NeuralSet, TaskName } from '../../engine/types.ts'
import { writeCanonical } from '../../io/canonical/write.ts'
import { loadPlugins } from '../../io/plugins/load-plugins.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import { readShapes } from '../content/stored-shapes.ts'
import { answersTo, layerActivations, predictedResponses } from './answer-images.ts'
import type { AnsweredImages } from './answered-images.ts'
import { answeredImages } from './answered-images.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { BuildForRun } from '../image-sets/data-source.ts'
import type { ImagePlace, ImageSetFiles } from '../image-sets/image-set-files.ts'
import { measureImages } from '../batches/measure-images.ts'
import { oracleDrives, oracleResponses, oracleUnits } from './oracle-units.ts'
import type { AnsweredSession } from './run-data-canonical.ts'
import { openTrainedNetwork } from './trained-network.ts'
import { runDataCanonical } from './run-data-canonical.ts'

export interface RunDataRequest {
  readonly kind: 'predicted' | 'oracle'
  readonly record: RunRecord
  /** File with the run's best weights. */
  readonly weights: string
  /** File with what its model knows of its data. */
  readonly shapes: string
  readonly area: NeuralSet
  readonly options: PredictionOptions
  readonly place: ImagePlace
  readonly set: ImageSetFiles
  readonly seed: number
  /** Where the data file goes. */
  readonly path: string
}

/**
 * Lets a finished run answer the images of a classification set, in evaluation mode: running statistics, no sampled
 * positions. Images are standardised by their own mean and sd, as those of the run's training were by theirs.
 */
export async function makeRunData(
  request: RunDataRequest,
  build: BuildForRun,
  deps: DataDeps,
): Promise<void> {
  const { record, kind, area, options, place, set, seed, path } = request
  const images = await answeredImages(set, place, options, seed)
  const shapes = readShapes(request.shapes) ?? (await shapesOf(record, build, deps))
  const task: TaskName = kind === 'predicted' ? area : 'img_classification'
  const inputs = await inputsFor(images, shapes.inputs[task]?.channels ?? 1)
  await loadPlugins(deps.home, recordedPlugins(record))
  const { network, close } = openTrainedNetwork(
    record.config.model,
    { ...shapes, inputs: { ...shapes.inputs, [task]: inputs.shape } },
    request.weights,
  )
  try {
    const progress = (done: number): void => deps.progress?.(`${kind} responses`, done)
    const sessions =
      kind === 'predicted'
        ? await predictedSessions(request, shapes, network, inputs, images, progress)
        : [await oracleSession(request, network, inputs, images, progress)]
    const provenance = { importer: kind, run: record.id, name: record.name, options, seed }
    await writeCanonical(
      path,
      runDataCanonical(`${kind}-${record.id.slice(0, 10)}`, area, images, sessions, provenance),
      deps.date().toISOString(),
    )
  } finally {
    close()
  }
}

/** Shapes of the data that a run of an earlier version was trained on, which kept none; its sessions name the readouts. */
async function shapesOf(
  { config, folder }: RunRecord,
  build: BuildForRun,
  deps: DataDeps,
): Promise<ModelShapes> {
  const built = await build(config.dataset, config.data_seed, { ...deps, folder })
  built.dispose()
  return built.shapes
}

async function inputsFor({ images, tier }: AnsweredImages, channels: number): Promise<InputSource> {
  const training = Int32Array.from(tier.keys()).filter((i) => tier[i] === 0)
  const normalisation = await measureImages(images, training, null)
  const { height, width } = images
  const plan = {
    source: { height, width, channels: 1 },
    size: { height, width },
    changes: [],
    noise: null,
    noiseStream: '',
    grey: null,
    normalisation,
    outChannels: channels,
  }
  return imageInputs(images, [plan], {})
}

type Progress = (done: number) => void

async function predictedSessions(
  { area, record }: RunDataRequest,
  shapes: ModelShapes,
  network: Network,
  inputs: InputSource,
  images: AnsweredImages,
  progress: Progress,
): Promise<AnsweredSession[]> {
  const own = shapes.sessions.filter((s) => s.area === area)
  if (own.length === 0) {
    throw new CotrainError({
      code: 'run-state',
      path: record.id,
      message: `the run has no ${area.toUpperCase()} readout.`,
      hint: 'Name a run that was trained on responses of this area.',
    })
  }
  const out: AnsweredSession[] = []
  for (const [i, { key, units }] of own.entries()) {
    const share: Progress = (done) => progress((i + done) / own.length)
    const responses = await answersTo(
      inputs,
      images.images.length,
      predictedResponses(network, area, key),
      (v) => v,
      share,
    )
    out.push({ key, units: Array.from({ length: units }, (_, u) => String(u)), responses })
  }
  return out
}

async function oracleSession(
  { area, options, record, seed }: RunDataRequest,
  network: Network,
  inputs: InputSource,
  images: AnsweredImages,
  progress: Progress,
): Promise<AnsweredSession> {
  const shape = network.model.layers.find((row) => row.name === options.layer)?.outputShape
  if (shape?.length !== 3) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'predictions.layer',
      message: `run ${record.id.slice(0, 10)} has no map called "${options.layer}".`,
      hint: `Its layers are ${network.model.layers.map((row) => row.name).join(', ')}.`,
    })
  }
  const [height, width, channels] = shape as [number, number, number] // three axes, see above
  const units = oracleUnits(height * width, channels, options, seed)
  const drives = await answersTo(
    inputs,
    images.images.length,
    layerActivations(network, options.layer),
    (values, size) => oracleDrives(values, size, units),
    progress,
  )
  const training = images.tier.filter((t) => t === 0).length
  return {
    key: `oracle_${area}`,
    units: units.map((_, i) => String(i)),
    responses: oracleResponses(drives, units.length, training, options.mean_response),
  }
}
