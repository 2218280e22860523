import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { NeuralOptions } from '../../../../src-shared/schema/dataset/neural-fields.ts'
import { floatInputs } from '../../../engine/data/loaders/float-inputs.ts'
import type { InputSource } from '../../../engine/data/loaders/input-source.ts'
import { shapeOf } from '../../../engine/data/loaders/input-source.ts'
import type { Normalisation } from '../../../engine/data/loaders/normalise.ts'
import { IDENTITY } from '../../../engine/data/loaders/normalise.ts'
import type { PipelinePlan } from '../../../engine/data/loaders/pipeline.ts'
import type { ImageSource } from '../../../engine/types.ts'
import type { CanonicalImages } from '../../../io/canonical/set.ts'
import type { InputMaker } from '../../batches/input-maker.ts'
import { measureInputs, pooled } from '../../batches/measure-images.ts'
import { neuralImages } from './neural-images.ts'

/** Inputs of a recording's images for training and for evaluation. */
export interface NeuralInputs {
  readonly train: InputSource
  readonly evaluation: InputSource
  readonly normalisation: Normalisation
  /** Byte images after crop and scale with their plan, for further conditions; null for images of numbers. */
  readonly images: { readonly images: ImageSource; readonly plan: PipelinePlan } | null
}

/** Border of the published random crop, and its largest turn. */
const AUGMENT = { padding: 4, flip: true, rotation: 15 }

/** Images of a recording in the published pipeline; `measured` are the positions for statistics that are not given. */
export async function neuralInputs(
  images: CanonicalImages,
  o: NeuralOptions,
  measured: Int32Array,
  make: InputMaker,
): Promise<NeuralInputs> {
  const source = neuralImages(images, o, o.load_all_in_memory)
  const grey = o.apply_grayscale && o.train_transformation && source.channels === 3
  const { element, black, white } = images.source.pixels
  const bytes = element === 'uint8'
  if (o.apply_augmentation) requireAugmentable(source, o, bytes)
  const plan = (normalisation: Normalisation, changes: PipelinePlan['changes'] = []): PipelinePlan => ({
    source: shapeOf(source),
    size: { height: source.height, width: source.width },
    changes,
    noise: null,
    noiseStream: '',
    grey: grey ? 'tensor' : null,
    normalisation,
    outChannels: grey ? 1 : source.channels,
  })
  const range = { min: black, max: white }
  const inputs = (normalisation: Normalisation, changes: PipelinePlan['changes'] = []): InputSource =>
    bytes ? make(source, [plan(normalisation, changes)]) : floatInputs(source, range, grey, normalisation)
  const normalisation = !o.normalize
    ? IDENTITY
    : (o.stats ?? pooled(await measureInputs(inputs(IDENTITY), measured, true)))
  const augment: PipelinePlan['changes'] = o.apply_augmentation
    ? [{ kind: 'augment', options: AUGMENT, stream: 'augment' }]
    : []
  return {
    train: inputs(normalisation, augment),
    evaluation: inputs(normalisation),
    normalisation,
    images: bytes ? { images: source, plan: plan(normalisation) } : null,
  }
}

function requireAugmentable(size: { height: number; width: number }, o: NeuralOptions, bytes: boolean): void {
  const wrong = (path: string, message: string, hint: string): CotrainError =>
    new CotrainError({ code: 'config-invalid', path, message, hint })
  if (!bytes)
    throw wrong(
      'apply_augmentation',
      'the images of this recording are no bytes.',
      'Switch augmentation off.',
    )
  if (size.height !== o.input_size || size.width !== o.input_size) {
    throw wrong(
      'input_size',
      `images are ${size.height} x ${size.width} after crop and scale, the random crop ${o.input_size} x ${o.input_size}.`,
      'Make both the same, so that training and validation see one size.',
    )
  }
}
