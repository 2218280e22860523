import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import { constantSetOf } from '../../engine/data/corruptions/corrupt.ts'
import type { ConstantSet } from '../../engine/data/corruptions/base/types.ts'
import type { ImageSource } from '../../engine/types.ts'
import { readLabels } from '../../io/canonical/neural-session.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import { buildData } from '../../data/assemble/build-data.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import type { NeuralDataSource } from '../../data/image-sets/data-source.ts'
import { dataSources } from '../../data/sources/data-sources.ts'
import { filteredClasses, inputImages } from '../../data/image-sets/image-set.ts'
import { isSameData } from '../workers/engine-parts.ts'
import { fingerprintOf } from '../../data/content/manifest.ts'
import { changesBetween } from '../../data/content/manifest-store.ts'
import { neuralImages } from '../../data/assemble/neural/neural-images.ts'

/** The test images of a run as they are on this machine now. */
export interface TestImages {
  /** As they lie on disk. */
  readonly images: ImageSource
  /** At the size at which the run corrupts them. */
  readonly fitted: ImageSource
  /** Class of each image as the network sees it. */
  readonly labels: Int32Array
  readonly classNames: readonly string[]
  readonly constants: ConstantSet
  /** Corrupted images become grey. */
  readonly grey: boolean
  /** Folder of the user's frost photographs, '' for the drawn ones. */
  readonly textures: string
  /** What the images are. */
  readonly fingerprint: string
  /** Open until `close`; others hold nothing but memory. */
  readonly holdsFile: boolean
  close(): void
}

/** @throws CotrainError `data-missing` or `data-changed` where the images are not those of the run. */
export async function openTestImages(record: RunRecord, deps: DataDeps): Promise<TestImages> {
  const { dataset, data_seed: dataSeed } = record.config
  const { images, neural, manifest, former } = await dataSources(dataset, dataSeed, deps)
  const fingerprint = fingerprintOf(manifest)
  if (!(await isSameData(record.identity, { fingerprint, former })))
    throw new CotrainError(await changesBetween(record.identity.data, fingerprint, deps.home))
  if (images !== null) return setImages(images.options, await images.set.test(), fingerprint)
  const labelled = neural.find(({ options }) => options.target_types.includes('img_classification'))
  if (labelled !== undefined) return recordedImages(labelled, fingerprint)
  throw new CotrainError({
    code: 'run-state',
    path: record.id.slice(0, 10),
    message: 'the run does not classify images.',
  })
}

function setImages(
  o: ImageOptions,
  test: Parameters<typeof filteredClasses>[0],
  fingerprint: string,
): TestImages {
  const { images } = test
  const isFitting =
    o.dataset_cls === 'ImageNet' || (images.height === o.input_size && images.width === o.input_size)
  const fitted = isFitting ? images : inputImages(images, o)
  const { labels, classNames } = filteredClasses(test, o)
  return {
    images,
    fitted,
    labels,
    classNames,
    constants: constantSetOf(o.constants, fitted.width, fitted.height),
    grey: o.apply_grayscale,
    textures: o.frost_textures,
    fingerprint,
    holdsFile: false,
    close: () => undefined,
  }
}

async function recordedImages({ options, open }: NeuralDataSource, fingerprint: string): Promise<TestImages> {
  const file = await open(buildData)
  const labels = readLabels(file)
  if (labels === null) {
    file.close()
    throw new CotrainError({
      code: 'data-missing',
      path: file.path,
      message: 'the images have no class labels any more.',
    })
  }
  const { source } = file.images
  const fitted = source.pixels.element === 'uint8' ? neuralImages(file.images, options, false) : source
  return {
    images: source,
    fitted,
    labels: labels.labels,
    classNames: labels.classNames,
    constants: constantSetOf(options.constants, fitted.width, fitted.height),
    grey: source.channels === 1 || (options.apply_grayscale && options.train_transformation),
    textures: '',
    fingerprint,
    holdsFile: true,
    close: () => file.close(),
  }
}
