import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { ConstantsOption } from '../corruptions/corrupt.ts'
import type { AugmentOptions } from '../transforms/augment.ts'
import type { DistortOptions } from '../transforms/distort.ts'
import type { InputShape } from './input-source.ts'
import type { NoisePlan } from './noise.ts'
import { addNoise } from './noise.ts'
import type { GreyMode, Normalisation } from './normalise.ts'
import { byteFinisher, floatFinish } from './normalise.ts'

/** From stored bytes to network input, as plain data: the same plan runs here and in other threads. */
export interface PipelinePlan {
  /** Shape of the stored image. */
  readonly source: InputShape
  /** Size after the changes. */
  readonly size: PixelSize
  /** Random changes of the bytes, in order. */
  readonly changes: readonly ByteChange[]
  readonly noise: NoisePlan | null
  /** Name of the noise's random stream. */
  readonly noiseStream: string
  readonly grey: GreyMode | null
  readonly normalisation: Normalisation
  readonly outChannels: number
}

export interface PixelSize {
  readonly height: number
  readonly width: number
}

/** The changes of a stored image that a plan can name, with the options of each. */
interface ChangeOptions {
  /** Random crop with black border, mirror, rotation; the size is that of the image. */
  readonly augment: Omit<AugmentOptions, 'size'>
  /** A random corruption. */
  readonly distort: Omit<DistortOptions, 'textures'>
  /** A given corruption. */
  readonly corrupt: {
    readonly name: string
    readonly severity: number
    readonly constants?: ConstantsOption
  }
  /** torchvision's CenterCrop. */
  readonly centre_crop: PixelSize
  /** torchvision's RandomResizedCrop to a square, mirrored or not. */
  readonly random_resized_crop: { readonly size: number; readonly flip: boolean }
  /** A quarter turn to either side, a half turn, or none. */
  readonly quarter_turn: Readonly<Record<string, never>>
}
type ChangeKind = keyof ChangeOptions

type ChangeOf<K extends ChangeKind> = {
  readonly [N in K]: {
    readonly kind: N
    readonly options: ChangeOptions[N]
    /** Name of its random stream; two views with the same name change alike. */
    readonly stream: string
    /** Size of the result where it is another one. */
    readonly size?: PixelSize
  }
}[K]
/** A named change of one byte image; `kind` is looked up in the table that the caller hands to {@link pipeline}. */
export type ByteChange = ChangeOf<ChangeKind>

/** Changes an image [height, width, channels]; the result has the size that the change states, else that of the image. */
export type ChangeBytes<K extends ChangeKind> = (
  bytes: Uint8Array,
  shape: InputShape,
  rng: Rng,
  options: ChangeOptions[K],
) => Uint8Array

export type ChangeTable = { readonly [K in ChangeKind]?: ChangeBytes<K> }

/** Prepares n stored images one behind the other; `rngOf(i)` is the stream of the i-th. */
export type Pipeline = (bytes: Uint8Array, rngOf: (i: number) => Rng, out: Float32Array) => void

/** What a plan does, ready to run. Without noise and changes it is one pass of table look-ups. */
export function pipeline(plan: PipelinePlan, table: ChangeTable): Pipeline {
  const { source, changes, noise } = plan
  const finishPlan = {
    channels: source.channels,
    grey: plan.grey,
    normalisation: plan.normalisation,
    outChannels: plan.outChannels,
  }
  const finish = byteFinisher(finishPlan)
  if (changes.length === 0 && noise === null) return (bytes, _, out) => finish(bytes, out)
  const each = source.height * source.width * source.channels
  const outPixels = plan.size.height * plan.size.width
  const outEach = outPixels * plan.outChannels
  const floats = new Float32Array(outPixels * source.channels)
  return (bytes, rngOf, out) => {
    for (let i = 0; i * each < bytes.length; i++) {
      const rng = rngOf(i)
      const own = out.subarray(i * outEach, (i + 1) * outEach)
      const changed = applyChanges(bytes.subarray(i * each, (i + 1) * each), plan, table, rng)
      if (noise === null) {
        finish(changed, own)
        continue
      }
      for (let p = 0; p < floats.length; p++) floats[p] = changed[p]! / 255
      addNoise(floats, noise, rng.fork(plan.noiseStream))
      floatFinish(floats, finishPlan, own)
    }
  }
}

function applyChanges(
  bytes: Uint8Array,
  { source, changes }: PipelinePlan,
  table: ChangeTable,
  rng: Rng,
): Uint8Array {
  let image = bytes
  let shape = source
  for (const change of changes) {
    image = applyChange(image, shape, change, table, rng)
    shape = { ...shape, ...change.size }
  }
  return image
}

function applyChange<K extends ChangeKind>(
  image: Uint8Array,
  shape: InputShape,
  { kind, options, stream }: ChangeOf<K>,
  table: ChangeTable,
  rng: Rng,
): Uint8Array {
  const change = table[kind]
  if (change === undefined) throw new RangeError(`no change of images is called "${kind}"`)
  return change(image, shape, rng.fork(stream), options)
}
