import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { GeneratorOptions } from '../../../src-shared/schema/dataset/generator-fields.ts'
import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import type { NeuralOptions } from '../../../src-shared/schema/dataset/neural-fields.ts'
import { greyImages } from '../../engine/data/loaders/grey-images.ts'
import type { LabelledImages, NeuralSet } from '../../engine/types.ts'
import { openCanonical } from '../../io/canonical/read.ts'
import type { DataDeps } from './data-deps.ts'
import type { NeuralDataSource } from './data-sources.ts'
import { hashFiles } from './hash-files.ts'
import { fittedImages } from './image-set.ts'
import { inSilicoKey, openInSilico } from './in-silico-file.ts'
import { fingerprintOf } from './manifest.ts'
import { registeredPath } from './library-records.ts'
import type { ImagePlace } from './image-set-files.ts'
import { imageSetFiles } from './image-set-files.ts'

export interface NeuralSourceRequest {
  readonly area: NeuralSet
  readonly options: NeuralOptions
  readonly seed: number
  /** The classification part of the same config, for a population that sees its pictures. */
  readonly classification: ImageOptions | null
}

/** Finds the recording that a config names. */
export async function neuralSource(request: NeuralSourceRequest, deps: DataDeps): Promise<NeuralDataSource> {
  const { options } = request
  if (options.dataset === 'in_silico') return inSilicoSource(request, deps)
  const path = /\.(h5|hdf5)$/i.test(options.dataset)
    ? resolve(deps.folder, options.dataset)
    : await registeredPath(options.dataset, 'neural', deps)
  return fileSource(path, request, deps)
}

async function inSilicoSource(
  { options, area, seed, classification }: NeuralSourceRequest,
  deps: DataDeps,
): Promise<NeuralDataSource> {
  const generator = options.generator
  const usesPictures = generator.images === 'classification'
  const set = usesPictures ? await imageSetFiles(placeOf(generator, classification), deps) : null
  const pictures = set === null ? null : fingerprintOf(await hashFiles(set.files, deps))
  const request = { options: generator, seed, area, pictures }
  const shown = async (): Promise<LabelledImages> => {
    if (set === null) throw new RangeError('synthetic pictures need no classification set')
    const train = await set.train()
    return { ...train, images: fittedImages(greyImages(train.images), placeOf(generator, classification)) }
  }
  return {
    area,
    options,
    manifest: [{ name: 'in-silico population', bytes: 0, hash: inSilicoKey(request) }],
    open: () => openInSilico(request, shown, deps),
  }
}

/** Pictures lie where the classification part has them, if it is the same set. */
function placeOf(generator: GeneratorOptions, classification: ImageOptions | null): ImagePlace {
  const same = classification?.dataset_cls === generator.image_set ? classification : null
  const folder = generator.image_dir || (same?.data_dir ?? './data/image_classification/')
  const size = generator.image_size
  return {
    dataset_cls: generator.image_set,
    data_dir: folder,
    data_set: '',
    fit: 'auto',
    input_size: size,
    in_resize: size,
  }
}

async function fileSource(
  path: string,
  { area, options }: NeuralSourceRequest,
  deps: DataDeps,
): Promise<NeuralDataSource> {
  if (!existsSync(path)) {
    throw new CotrainError({
      code: 'data-missing',
      path,
      message: 'no such data file.',
      hint: 'Check the path, or import the data first.',
    })
  }
  const manifest = await hashFiles([{ name: basename(path), path }], deps)
  return { area, options, manifest, open: () => openCanonical(path) }
}
