import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { NeuralOptions } from '../../../../src-shared/schema/dataset/neural-fields.ts'
import { constantSetOf } from '../../../engine/data/corruptions/corrupt.ts'
import type { WaitClock } from '../../../engine/data/loaders/create-loader.ts'
import { createLoader, labelledExamples } from '../../../engine/data/loaders/create-loader.ts'
import type { InputSource } from '../../../engine/data/loaders/input-source.ts'
import { constantNoise } from '../../../engine/data/loaders/noise.ts'
import type { LabelledImages, Loader, NeuralSession } from '../../../engine/types.ts'
import { readLabels } from '../../../io/canonical/neural-session.ts'
import type { CanonicalFile } from '../../../io/canonical/read.ts'
import { gaussMode } from '../../image-sets/condition-names.ts'
import { corruptedChannels } from '../images/corrupted-images.ts'
import { addCorrupted } from '../images/corrupted-loaders.ts'
import type { Corrupter } from '../../batches/corruption-threads.ts'
import type { DataDeps } from '../../content/data-deps.ts'
import type { InputMaker } from '../../batches/input-maker.ts'
import type { NeuralInputs } from './neural-inputs.ts'
import type { SessionTrials } from './session-trials.ts'

/** Classification of the images of a recording; training learns it from the neural batches. */
export interface LabelledPart {
  readonly classNames: readonly string[]
  readonly validation: Loader
  readonly test: Loader
  readonly conditions: ReadonlyMap<string, Loader>
}

export interface LabelledRequest {
  readonly options: NeuralOptions
  readonly labels: LabelledImages
  readonly neural: NeuralInputs
  readonly shown: Readonly<Record<keyof SessionTrials, Int32Array>>
  readonly fingerprint: string
  readonly seed: number
  readonly clock: WaitClock
  readonly inputs: InputMaker
  readonly corruptions: Corrupter
}

/** From this many test images on they, and not those of validation, are corrupted (as published). */
const ENOUGH_TEST_IMAGES = 1000

/** Loaders of the images shown in validation and test trials, and their noisy and corrupted conditions. */
export function labelledPart(request: LabelledRequest, deps: DataDeps): LabelledPart {
  const { options: o, labels, neural, shown, seed, clock } = request
  const loader = (positions: Int32Array, inputs: InputSource): Loader =>
    createLoader(labelledExamples(positions, labels.labels), inputs, {
      key: 'img_classification',
      batchSize: o.batch_size,
      shuffle: false,
      noise: { kind: 'fixed', seed },
      clock,
    })
  const conditions = new Map<string, Loader>()
  if (neural.images !== null) {
    const { images, plan } = neural.images
    for (const std of o.validation_gauss) {
      const noisy = { ...plan, noise: std > 0 ? constantNoise(std) : null, noiseStream: 'noise' }
      conditions.set(gaussMode(std), loader(shown.validation, request.inputs(images, [noisy])))
    }
    const grey = plan.grey !== null || images.channels === 1
    const positions = shown.test.length > ENOUGH_TEST_IMAGES ? shown.test : shown.validation
    addCorrupted(
      conditions,
      {
        set: 'fly_c_test',
        side: { images, labels: labels.labels, positions },
        identity: `${request.fingerprint} ${JSON.stringify([o.crop, o.subsample, o.scale, o.rounding, o.resize, o.train_transformation])}`,
        corruptions: o.add_fly_corrupted_test,
        constants: constantSetOf(o.constants, images.width, images.height),
        grey,
        views: [{ ...plan, source: { ...plan.source, channels: corruptedChannels({ grey }) }, grey: null }],
        batchSize: o.batch_size,
      },
      request,
      deps,
    )
  }
  return {
    classNames: labels.classNames,
    validation: loader(shown.validation, neural.evaluation),
    test: loader(shown.test, neural.evaluation),
    conditions,
  }
}

/** The classes of the images; every image that is shown must have one. */
export function requiredLabels(
  file: CanonicalFile,
  sessions: readonly NeuralSession[],
  trials: ReadonlyMap<string, SessionTrials>,
): LabelledImages {
  const labels = readLabels(file)
  const missing = (message: string): CotrainError =>
    new CotrainError({
      code: 'data-missing',
      path: file.path,
      message,
      hint: 'Leave img_classification out of target_types, or import the labels.',
    })
  if (labels === null) throw missing('the images of this recording have no class labels.')
  for (const session of sessions) {
    const used = trials.get(session.key)
    const shown = [...(used?.train ?? []), ...(used?.validation ?? []), ...(used?.test ?? [])]
    const without = shown.find((t) => labels.labels[session.imageIndex[t]!]! < 0)
    if (without !== undefined)
      throw missing(`image ${session.imageIndex[without]!} of session ${session.key} has no class label.`)
  }
  return labels
}
