import type { GeneratorOptions } from '../../../src-shared/schema/dataset/generator-fields.ts'
import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import { DEFAULT_IMAGE_DIR } from '../../../src-shared/schema/dataset/image-set-fields.ts'
import { greyImages } from '../../engine/data/loaders/grey-images.ts'
import type { LabelledImages } from '../../engine/types.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { NeuralDataSource, NeuralSourceRequest } from '../image-sets/data-source.ts'
import { hashFiles } from '../content/hash-files.ts'
import { fitKind, fittedImages } from '../image-sets/image-set.ts'
import type { ImagePlace } from '../image-sets/image-set-files.ts'
import { imageSetFiles } from '../image-sets/image-set-files.ts'
import { type InSilicoRequest, inSilicoKey, openInSilico } from './in-silico-file.ts'
import { fingerprintOf, formerFingerprint, type Manifest } from '../content/manifest.ts'

/** A population that is generated at its first use. */
export async function inSilicoSource(
  { options, area, seed, classification }: NeuralSourceRequest,
  deps: DataDeps,
): Promise<NeuralDataSource> {
  const generator = options.generator
  const place = placeOf(generator, classification)
  const set = generator.images === 'classification' ? await imageSetFiles(place, deps) : null
  const keyed = (fingerprint: string | null): InSilicoRequest => {
    const images = fingerprint === null ? null : `${fingerprint} ${fitKind(place)}`
    return { options: generator, seed, area, images }
  }
  const request = keyed(set === null ? null : fingerprintOf(await set.content()))
  const entry = (hash: string): Manifest => [{ name: 'in-silico population', bytes: 0, hash }]
  const shown = async (): Promise<LabelledImages> => {
    if (set === null) throw new RangeError('synthetic images need no classification set')
    const train = await set.train()
    return { ...train, images: fittedImages(greyImages(train.images), place) }
  }
  return {
    area,
    options,
    isMade: true,
    manifest: entry(inSilicoKey(request)),
    former: async (rule) => {
      if (rule !== 1 || set === null) return entry(inSilicoKey(request))
      return entry(inSilicoKey(keyed(formerFingerprint(await hashFiles(set.formerFiles(), deps)))))
    },
    open: () => openInSilico(request, shown, deps),
  }
}

/** Images lie where the classification part has them, if it is the same set. */
function placeOf(generator: GeneratorOptions, classification: ImageOptions | null): ImagePlace {
  const same = classification?.dataset_cls === generator.image_set ? classification : null
  const size = generator.image_size
  return {
    dataset_cls: generator.image_set,
    data_dir: generator.image_dir || (same?.data_dir ?? DEFAULT_IMAGE_DIR),
    data_set: '',
    fit: same?.fit ?? 'auto',
    input_size: size,
    in_resize: size,
    value_min: same?.value_min ?? null,
    value_max: same?.value_max ?? null,
  }
}
