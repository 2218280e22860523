import type { PredictionOptions } from '../../../src-shared/schema/dataset/prediction-fields.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { greyImages } from '../../engine/data/loaders/grey-images.ts'
import { BYTES } from '../../engine/data/pixels.ts'
import type { ImageSource, LabelledImages } from '../../engine/types.ts'
import { TIERS } from '../../io/canonical/set.ts'
import { fittedImages } from '../image-sets/image-set.ts'
import type { ImagePlace, ImageSetFiles } from '../image-sets/image-set-files.ts'

/** Grey images that a run answers: training images first, then test images. */
export interface AnsweredImages {
  readonly images: ImageSource
  readonly labels: Int32Array
  readonly classNames: readonly string[]
  /** Tier of each image's one trial: the training images are split when loaded, the test images are fixed. */
  readonly tier: Uint8Array
}

/** Images of a classification set at the size asked for; fewer training images are drawn from a stream of their own. */
export async function answeredImages(
  set: ImageSetFiles,
  place: ImagePlace,
  { n_images }: Pick<PredictionOptions, 'n_images'>,
  seed: number,
): Promise<AnsweredImages> {
  const [train, test] = [await set.train(), await set.test()]
  const fitted = (part: LabelledImages): ImageSource => fittedImages(greyImages(part.images), place)
  const all = train.labels.length
  const order = createRng(seed).fork('answered pictures').permutation(all)
  const chosen =
    n_images === null || n_images >= all
      ? Int32Array.from({ length: all }, (_, i) => i)
      : Int32Array.from(order.slice(0, n_images)).sort()
  const count = chosen.length + test.labels.length
  return {
    images: joined(fitted(train), chosen, fitted(test)),
    labels: Int32Array.from({ length: count }, (_, i) =>
      i < chosen.length ? train.labels[chosen[i]!]! : test.labels[i - chosen.length]!,
    ),
    classNames: train.classNames,
    tier: new Uint8Array(count).fill(TIERS.pool, 0, chosen.length).fill(TIERS.test, chosen.length),
  }
}

/** Chosen images of one source followed by all of another. */
function joined(first: ImageSource, chosen: Int32Array, second: ImageSource): ImageSource {
  const each = first.height * first.width * first.channels
  return {
    length: chosen.length + second.length,
    height: first.height,
    width: first.width,
    channels: first.channels,
    pixels: BYTES,
    async read(indices, out) {
      const one = new Uint8Array(each)
      for (let i = 0; i < indices.length; i++) {
        const at = indices[i]!
        if (at < chosen.length) await first.read([chosen[at]!], one)
        else await second.read([at - chosen.length], one)
        out.set(one, i * each)
      }
    },
  }
}
