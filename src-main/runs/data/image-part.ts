import { createRng } from '../../../src-shared/util/rng.ts'
import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import { constantSetOf } from '../../engine/data/corruptions/corrupt.ts'
import type { Examples, WaitClock } from '../../engine/data/loaders/create-loader.ts'
import { createLoader, labelledExamples } from '../../engine/data/loaders/create-loader.ts'
import type { Views } from '../../engine/data/loaders/image-inputs.ts'
import { imageInputs } from '../../engine/data/loaders/image-inputs.ts'
import type { InputShape, InputSource } from '../../engine/data/loaders/input-source.ts'
import { splitImages } from '../../engine/data/splits.ts'
import type { ImageSource, Loader } from '../../engine/types.ts'
import type { DataDeps } from './data-deps.ts'
import type { ImagePlans } from './image-plans.ts'
import { imagePlans } from './image-plans.ts'
import { filteredClasses, fitKind, fittedImages } from './image-set.ts'
import { lazyInputs } from './lazy-inputs.ts'
import { measureImages } from './measure-images.ts'
import type { ImageSetFiles } from './open-image-set.ts'
import { corruptedChannels, corruptedImages } from './corrupted-images.ts'

/** The classification part of a run's data. */
export interface ImagePart {
  readonly shape: InputShape
  readonly classNames: readonly string[]
  readonly train: Loader
  readonly validation: Loader
  readonly test: Loader
  readonly conditions: ReadonlyMap<string, Loader>
}

export interface ImagePartRequest {
  readonly options: ImageOptions
  readonly set: ImageSetFiles
  readonly fingerprint: string
  readonly seed: number
  readonly clock: WaitClock
}

const KEY = 'img_classification'

/** Loaders of a classification set in the published pipelines, split as published. */
export async function imagePart(request: ImagePartRequest, deps: DataDeps): Promise<ImagePart> {
  const { options: o, set, seed } = request
  const [train, test] = [await set.train(), await set.test()]
  const [trainKept, testKept] = [filteredClasses(train, o), filteredClasses(test, o)]
  const [trainImages, testImages] = [fittedImages(train.images, o), fittedImages(test.images, o)]
  const parts = partsOf(trainKept, testKept, o, seed)
  const measured =
    o.train_data_mean !== null && o.train_data_std !== null
      ? { mean: o.train_data_mean, std: o.train_data_std }
      : null
  const normalisation =
    measured ?? (await measureImages(trainImages, parts.train, o.apply_grayscale ? 'tensor' : null))
  const plans = imagePlans(o, trainImages, normalisation)
  const fresh = { kind: 'each-pass', seed } as const
  const fixed = { kind: 'fixed', seed } as const
  const evaluated = o.fixed_validation_noise ? fixed : fresh
  const common = { key: KEY, batchSize: o.batch_size, clock: request.clock }
  const inputs = (images: ImageSource, views: Views): InputSource => imageInputs(images, views, {})
  const loader = (
    images: ImageSource,
    views: Views,
    examples: Examples,
    noise: typeof fresh | typeof fixed = fixed,
  ): Loader => createLoader(examples, inputs(images, views), { ...common, shuffle: false, noise })
  const validation = labelledExamples(parts.validation, trainKept.labels)
  const tested = labelledExamples(parts.test, testKept.labels)
  const conditions = new Map<string, Loader>()
  if (o.add_out_domain_test) {
    conditions.set('FinalValidationOutDomain', loader(trainImages, plans.outDomain, validation))
    conditions.set('FinalTestOutDomain', loader(testImages, plans.outDomain, tested))
  }
  for (const std of o.validation_gauss) {
    conditions.set(`Validation_gauss ${pythonFloat(std)}`, loader(trainImages, plans.gauss(std), validation))
  }
  for (const [mode, flyInputs] of flyConditions(request, testImages, parts.test, plans, deps)) {
    const examples = labelledExamples(
      range(parts.test.length),
      testKept.labels.length === 0 ? testKept.labels : parts.test.map((p) => testKept.labels[p] as number),
      parts.test,
    )
    conditions.set(mode, createLoader(examples, flyInputs, { ...common, shuffle: false, noise: fixed }))
  }
  return {
    shape: inputs(trainImages, plans.train).shape,
    classNames: trainKept.classNames,
    train: createLoader(labelledExamples(parts.train, trainKept.labels), inputs(trainImages, plans.train), {
      ...common,
      shuffle: true,
      noise: fresh,
      repeats: o.data_repeats,
    }),
    validation: loader(trainImages, plans.inDomain, validation, evaluated),
    test: loader(testImages, plans.inDomain, tested, evaluated),
    conditions,
  }
}

const range = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

/** 1 -> "1.0": condition names carry numbers as the published tracker prints them. */
const pythonFloat = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))

type Kept = ReturnType<typeof filteredClasses>

interface Parts {
  readonly train: Int32Array
  readonly validation: Int32Array
  readonly test: Int32Array
}

function partsOf(train: Kept, test: Kept, o: ImageOptions, seed: number): Parts {
  const split = splitImages(train.positions.length, { validSize: o.valid_size, shuffle: o.shuffle, seed })
  const pick = (kept: Kept, order: Int32Array): Int32Array => order.map((i) => kept.positions[i] as number)
  const leading = (order: Int32Array, fraction: number): Int32Array =>
    order.slice(0, Math.max(Math.min(1, order.length), Math.floor(order.length * fraction)))
  const training = pick(train, leading(split.train, o.train_subset))
  const shuffled = Int32Array.from(
    createRng(seed).fork('part of the test set').permutation(test.positions.length),
  )
  const tested = o.test_subset < 1 ? leading(shuffled, o.test_subset).sort() : range(test.positions.length)
  return {
    train: o.examples_per_class === null ? training : fewExamples(training, train.labels, o),
    validation: pick(train, leading(split.validation, o.valid_subset)),
    test: pick(test, tested),
  }
}

/** The first k pictures of each class, the whole list `repeats_per_epoch` times. */
function fewExamples(positions: Int32Array, labels: Int32Array, o: ImageOptions): Int32Array {
  const counts = new Map<number, number>()
  const kept = positions.filter((p) => {
    const label = labels[p] as number
    const seen = counts.get(label) ?? 0
    counts.set(label, seen + 1)
    return seen < (o.examples_per_class ?? 0)
  })
  return Int32Array.from(
    { length: kept.length * o.repeats_per_epoch },
    (_, i) => kept[i % kept.length] as number,
  )
}

/** On-the-fly corruption tests in published order; while one is scored, the next is being computed. */
function flyConditions(
  { options: o, fingerprint, seed }: ImagePartRequest,
  images: ImageSource,
  positions: Int32Array,
  plans: ImagePlans,
  deps: DataDeps,
): [string, InputSource][] {
  const constants = constantSetOf(o.constants, o.input_size, o.input_size)
  const identity = `${fingerprint} test ${o.input_size} ${fitKind(o)}`
  const wanted = Object.entries(o.add_fly_corrupted_test).flatMap(([corruption, severities]) =>
    [...(severities ?? [])].sort().map((severity) => ({ corruption, severity })),
  )
  const views = plans.corrupted(corruptedChannels({ grey: o.apply_grayscale }))
  const inputs = wanted.map(({ corruption, severity }) =>
    lazyInputs(views, () =>
      corruptedImages(
        { images, identity, positions, corruption, severity, constants, grey: o.apply_grayscale, seed },
        deps,
      ),
    ),
  )
  return wanted.map(({ corruption, severity }, i) => [
    `fly_c_test ${corruption} ${severity}`,
    inputs[i] as InputSource,
  ])
}
