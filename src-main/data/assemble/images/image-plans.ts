import type { ImageOptions } from '../../../../src-shared/schema/dataset/image-fields.ts'
import type { Views } from '../../../engine/data/loaders/image-inputs.ts'
import type { InputShape } from '../../../engine/data/loaders/input-source.ts'
import { shapeOf } from '../../../engine/data/loaders/input-source.ts'
import type { NoisePlan } from '../../../engine/data/loaders/noise.ts'
import { ALWAYS_NOISE, constantNoise, MIXED_NOISE, noisePlan } from '../../../engine/data/loaders/noise.ts'
import type { Normalisation } from '../../../engine/data/loaders/normalise.ts'
import { IDENTITY } from '../../../engine/data/loaders/normalise.ts'
import type { ByteChange, PipelinePlan } from '../../../engine/data/loaders/pipeline.ts'

/** The published pipelines of a classification set: which steps each of its loaders runs. */
export interface ImagePlans {
  readonly train: Views
  /** The noise condition of training. */
  readonly inDomain: Views
  /** The other one: noisy after clean training and the reverse. */
  readonly outDomain: Views
  readonly gauss: (std: number) => Views
  /** Stored images that are corrupted already: grey on bytes. */
  readonly corrupted: (channels: number) => Views
  /** Turned by a random multiple of 90 degrees. */
  readonly turned: Views
}

export function imagePlans(o: ImageOptions, source: InputShape, normalisation: Normalisation): ImagePlans {
  const size = { height: o.input_size, width: o.input_size }
  const isLarger = source.height !== size.height || source.width !== size.width
  const middle: ByteChange[] = isLarger ? [{ kind: 'centre_crop', options: size, stream: '', size }] : []
  const plain: PipelinePlan = {
    source: shapeOf(source),
    size,
    changes: middle,
    noise: null,
    noiseStream: 'noise',
    grey: o.apply_grayscale ? 'tensor' : null,
    normalisation: o.apply_normalization ? normalisation : IDENTITY,
    outChannels: outChannels(o, source.channels),
  }
  const noise = trainingNoise(o)
  const inDomain: PipelinePlan = { ...plain, changes: [...middle, ...distort(o, true, '')], noise }
  const isClean = noise === null && o.apply_noise.all_noises.length === 0
  return {
    train: trainViews(o, plain, noise),
    inDomain: [inDomain],
    outDomain: [{ ...plain, noise: isClean ? MIXED_NOISE : null }],
    gauss: (std) => [{ ...plain, noise: std > 0 ? constantNoise(std) : null }],
    corrupted: (channels) => [
      { ...plain, source: { ...size, channels }, changes: [], grey: o.apply_grayscale ? 'byte' : null },
    ],
    turned: [{ ...plain, changes: [...middle, { kind: 'quarter_turn', options: {}, stream: 'turn' }] }],
  }
}

function outChannels(o: ImageOptions, stored: number): number {
  const natural = o.apply_grayscale || (stored === 1 && !o.convert_to_rgb) ? 1 : 3
  return o.input_channels ?? natural
}

function trainViews(o: ImageOptions, plain: PipelinePlan, noise: NoisePlan | null): Views {
  const first: PipelinePlan = {
    ...plain,
    changes: [...geometry(o, plain, ''), ...distort(o, true, '')],
    noise,
  }
  if (!o.apply_noise.representation_matching) return [first]
  const second: PipelinePlan = {
    ...plain,
    changes: [...geometry(o, plain, o.shared_geometry ? '' : ' 2'), ...distort(o, false, ' 2')],
    noise: ALWAYS_NOISE,
    noiseStream: 'noise 2',
  }
  return [first, second]
}

function trainingNoise({ apply_noise, snr_legacy }: ImageOptions): NoisePlan | null {
  if (Object.keys(apply_noise.noise_std).length > 0) return noisePlan('std', apply_noise.noise_std)
  if (Object.keys(apply_noise.noise_snr).length > 0)
    return noisePlan('snr', apply_noise.noise_snr, snr_legacy)
  return null
}

/** ImageNet: a random part of the image, resized; other sets: shifted, mirrored and turned. Without augmentation the middle. */
function geometry(o: ImageOptions, plain: PipelinePlan, view: string): readonly ByteChange[] {
  if (!o.apply_augmentation) return plain.changes
  const stream = `augment${view}`
  if (o.dataset_cls === 'ImageNet') {
    return [
      {
        kind: 'random_resized_crop',
        options: { size: o.input_size, flip: o.augment_flip },
        stream,
        size: plain.size,
      },
    ]
  }
  const options = { padding: o.augment_padding, flip: o.augment_flip, rotation: o.augment_rotation }
  return [{ kind: 'augment', options, stream }]
}

function distort(o: ImageOptions, withClean: boolean, view: string): ByteChange[] {
  const names = o.apply_noise.all_noises
  if (names.length === 0) return []
  return [
    { kind: 'distort', options: { names, withClean, constants: o.constants }, stream: `distort${view}` },
  ]
}
