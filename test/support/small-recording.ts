import { writeFileSync } from 'node:fs'
import { createRng } from '../../src-shared/util/rng.ts'
import { writeNpz } from './image-arrays.ts'

export interface SmallRecording {
  readonly seed: number
  readonly units?: number
  readonly side?: number
  /** Whether the last quarter of the images tests. */
  readonly tested?: boolean
  readonly session?: string
  readonly images?: number
}

const REPEATS = 3

/** `<stem>.npz` with noise images shown three times to units that like some pixels, and `<stem>.json`, its mapping. */
export async function writeSmallRecording(
  stem: string,
  wish: SmallRecording,
): Promise<{ responses: Float32Array; imageId: Int32Array }> {
  const { seed, units = 4, side = 32, tested = true, session = 's', images = 40 } = wish
  const rng = createRng(seed)
  const pixels = Uint8Array.from({ length: images * side * side }, () => rng.int(256))
  const imageId = Int32Array.from({ length: images * REPEATS }, (_, t) => Math.floor(t / REPEATS))
  const responses = Float32Array.from({ length: imageId.length * units }, (_, i) => {
    const image = imageId[Math.floor(i / units)] as number
    const liked = pixels[image * side * side + (i % units) * 31] as number
    return Math.round(liked / 32) + rng.int(3)
  })
  const tier = Uint8Array.from(imageId, (id) => (tested && id >= (3 * images) / 4 ? 3 : 0))
  await writeNpz(`${stem}.npz`, {
    images: { values: pixels, shape: [images, side, side] },
    responses: { values: responses, shape: [imageId.length, units] },
    image_ids: { values: imageId, shape: [imageId.length] },
    tiers: { values: tier, shape: [imageId.length] },
  })
  const part = { array: 'responses', axes: 'tu', imageIds: 'image_ids' }
  const tiers = { tier: { array: 'tiers', values: { 0: 'pool', 3: 'test' } } }
  const sessions = [{ key: session, area: 'V4', parts: [{ ...part, ...(tested && tiers) }] }]
  writeFileSync(`${stem}.json`, JSON.stringify({ images: { array: 'images', axes: 'ihw' }, sessions }))
  return { responses, imageId }
}

/** A narrow network for the V4 recording of a name; an epoch takes a second. */
export const smallV4Yaml = ({
  set,
  seed,
  extra = '',
}: {
  set: string
  seed: number
  extra?: string
}): string => `name: ${set} seed ${seed}
dataset:
  fn: neural_loader
  config: { dataset: ${set}, target_types: [v4], crop: 0, scale: 1, batch_size: 16${extra} }
model:
  fn: mtl_builder
  config: { vgg_type: vgg11_bn, pretrained: false, width: 0.125, input_size: 32, classification: false, v1_model_layer: -1, v4_model_layer: 7 }
trainer:
  fn: cotrainer
  config:
    loss_functions: { v4: PoissonLoss }
    to_monitor: [v4]
    max_iter: 1
    optimizer: Adam
    train_cycler: MTL_Cycler
    train_cycler_args: { main_key: v4, ratio: { 1: 1 } }
seed: ${seed}
`
