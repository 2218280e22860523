import type { ImageOptions } from '../../../../src-shared/schema/dataset/image-fields.ts'
import type { LoaderOptions } from '../../../engine/data/loaders/create-loader.ts'
import { createLoader, labelledExamples } from '../../../engine/data/loaders/create-loader.ts'
import type { Views } from '../../../engine/data/loaders/image-inputs.ts'
import type { InputShape } from '../../../engine/data/loaders/input-source.ts'
import type { Normalisation } from '../../../engine/data/loaders/normalise.ts'
import { IDENTITY } from '../../../engine/data/loaders/normalise.ts'
import type { ImageSource, Loader } from '../../../engine/types.ts'
import type { DataDeps } from '../../content/data-deps.ts'
import { imageConditions } from './image-conditions.ts'
import type { ImageLoading, ImagePartRequest, ImageSide } from './image-loading.ts'
import { imagePlans } from './image-plans.ts'
import type { ImagePositions } from './image-positions.ts'
import { imagePositions } from './image-positions.ts'
import { filteredClasses, inputImages } from '../../image-sets/image-set.ts'
import { corruptedValidation } from './stored-conditions.ts'
import { measureImages } from '../../batches/measure-images.ts'

/** The classification part of a run's data. */
export interface ImagePart {
  readonly shape: InputShape
  readonly classNames: readonly string[]
  /** As the images reach the network; (0, 1) where they are not normalised. */
  readonly normalisation: Normalisation
  readonly train: Loader
  readonly validation: Loader
  readonly test: Loader
  readonly conditions: ReadonlyMap<string, Loader>
}

const KEY = 'img_classification'

/** Loaders of a classification set in the published pipelines, split as published. */
export async function imagePart(request: ImagePartRequest, deps: DataDeps): Promise<ImagePart> {
  const { options: o, set, seed } = request
  const [train, test] = [await set.train(), await set.test()]
  const [trainKept, testKept] = [filteredClasses(train, o), filteredClasses(test, o)]
  const positions = imagePositions(trainKept, testKept, o, seed)
  const side = (images: ImageSource, labels: Int32Array, part: keyof ImagePositions): ImageSide => ({
    images: inputImages(images, o),
    labels,
    positions: positions[part],
  })
  const training = side(train.images, trainKept.labels, 'train')
  const normalisation = await normalisationOf(training, o)
  const plans = imagePlans(o, training.images, normalisation)
  const loading: ImageLoading = {
    plans,
    validation: { ...training, positions: positions.validation },
    test: side(test.images, testKept.labels, 'test'),
    loader: (part, views, examples) => makeLoader(request, part, views, 'fixed', examples),
  }
  const evaluated = o.fixed_validation_noise ? 'fixed' : 'each-pass'
  return {
    shape: request.inputs(training.images, plans.train).shape,
    classNames: trainKept.classNames,
    normalisation: o.apply_normalization ? normalisation : IDENTITY,
    train: makeLoader(request, training, plans.train, 'each-pass', undefined, {
      shuffle: true,
      repeats: o.data_repeats,
    }),
    validation: o.use_c_test_as_val
      ? await corruptedValidation(request, loading, deps)
      : makeLoader(request, loading.validation, plans.inDomain, evaluated),
    test: makeLoader(request, loading.test, plans.inDomain, evaluated),
    conditions: await imageConditions(request, loading, deps),
  }
}

function makeLoader(
  { options, inputs, seed, clock }: ImagePartRequest,
  { images, labels, positions }: ImageSide,
  views: Views,
  noise: LoaderOptions['noise']['kind'],
  examples = labelledExamples(positions, labels),
  more: Partial<LoaderOptions> = {},
): Loader {
  const own = { key: KEY, batchSize: options.batch_size, shuffle: false, noise: { kind: noise, seed }, clock }
  return createLoader(examples, inputs(images, views), { ...own, ...more })
}

async function normalisationOf({ images, positions }: ImageSide, o: ImageOptions): Promise<Normalisation> {
  if (o.train_data_mean !== null && o.train_data_std !== null)
    return { mean: o.train_data_mean, std: o.train_data_std }
  return measureImages(images, positions, o.apply_grayscale ? 'tensor' : null)
}
