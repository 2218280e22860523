import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tensor } from '@tensorflow/tfjs-core'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Batch, Loader } from '../../../../../src-main/engine/types.ts'
import type { CanonicalSession } from '../../../../../src-main/io/canonical/set.ts'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { memoryImages } from '../../../../../src-main/io/images/sources/memory-images.ts'
import { buildData } from '../../../../../src-main/data/assemble/build-data.ts'
import type { PlainConfig } from '../../../../../src-shared/schema/component.ts'
import type { DatasetChoice } from '../../../../../src-shared/schema/registry.ts'
import { imgLoader } from '../../../../../src-shared/schema/dataset/img-loader.ts'
import { neuralLoader } from '../../../../../src-shared/schema/dataset/neural-loader.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'
import type { Setting } from '../../../../support/option-effects.ts'
import { effectsOf, optionsOf } from '../../../../support/option-effects.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import { writeTinyMnist } from '../../../../support/tiny-mnist.ts'

const home = temporaryFolder()
const deps = { home, folder: home, now: () => 0, date: () => new Date(0) }
const SIDE = 32
const rng = createRng(5)

/** Two shades of noise in four classes, as colour PNGs in folders; no two images are equal. */
async function writeImages(): Promise<void> {
  for (const [part, count] of [
    ['train', 12],
    ['test', 6],
  ] as const)
    // prettier-ignore
    for (const [k, name] of ['ant', 'bee', 'cow', 'doe'].entries()) {
      mkdirSync(join(home, 'images', part, name), { recursive: true })
      for (let i = 0; i < count; i++) {
        const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, () => 40 * k + rng.int(100))
        const png = sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } }).png()
        writeFileSync(join(home, 'images', part, name, `${i}.png`), await png.toBuffer())
      }
    }
}

const IMAGES = 30
const REPEATS = 2

function session(key: string, first: number, tested: boolean): CanonicalSession {
  const count = (IMAGES - first) * REPEATS
  const imageId = Int32Array.from({ length: count }, (_, t) => first + Math.floor(t / REPEATS))
  const [units, bins] = [3, 4]
  return {
    ...{ key, subject: 'm', area: 'V1', species: 'macaque', responseKind: 'counts', bins },
    trials: {
      imageId,
      tier: Uint8Array.from(imageId, (id) => (tested && id >= 24 ? 3 : 0)),
      repeat: Int32Array.from(imageId, (_, t) => t % REPEATS),
    },
    units: { id: Array.from({ length: units }, (_, u) => `${key}-${u}`) },
    responses: Float32Array.from({ length: imageId.length * units * bins }, () => rng.int(9)),
  }
}

/** Two sessions of labelled colour images; one publishes test trials, the other shows some of the images. */
async function writeRecording(): Promise<void> {
  const pixels = Uint8Array.from({ length: IMAGES * SIDE * SIDE * 3 }, () => rng.int(256))
  const images = {
    source: memoryImages(pixels, { height: SIDE, width: SIDE, channels: 3 }),
    id: Int32Array.from({ length: IMAGES }, (_, i) => i),
    label: Int32Array.from({ length: IMAGES }, (_, i) => i % 3),
    labelNames: ['a', 'b', 'c'],
  }
  const sessions = [session('one', 0, true), session('two', 5, false)]
  await writeCanonical(join(home, 'rec.h5'), { name: 'rec', provenance: {}, images, sessions }, '')
}

async function hashLoader(hash: ReturnType<typeof createHash>, name: string, loader: Loader): Promise<void> {
  hash.update(`${name} ${loader.batches} ${loader.size}`)
  const add = (part: string, t: Tensor): void =>
    void hash.update(`${part} ${t.shape.join()}`).update(t.dataSync())
  for (const epoch of [1, 2])
    for await (const batch of loader.epoch(createRng(epoch)) as AsyncIterable<Batch>) {
      hash.update(batch.index)
      for (const [part, value] of Object.entries(batch))
        if (typeof value === 'object' && 'dataSync' in value) add(part, value)
      batch.inputs.dispose()
      batch.targets.dispose()
    }
}

/** Everything that a data set gives to training and evaluation, as one digest. */
async function outcomeOf(fn: string, config: PlainConfig): Promise<string> {
  const { data, shapes, dispose } = await buildData({ fn, config } as DatasetChoice, 1000, deps)
  const hash = createHash('sha256').update(JSON.stringify(shapes))
  for (const part of ['train', 'validation', 'test'] as const)
    for (const [task, loaders] of Object.entries(data[part]))
      for (const [key, loader] of loaders) await hashLoader(hash, `${part} ${task} ${key}`, loader)
  for (const [mode, loader] of data.conditions) await hashLoader(hash, mode, loader)
  dispose()
  return hash.digest('hex')
}

const plain = {
  dataset_cls: 'ImageFolder',
  data_dir: 'images',
  input_size: 32,
  apply_augmentation: false,
  add_corrupted_test: false,
  add_out_domain_test: false,
  add_fly_corrupted_test: { contrast: [2] },
  validation_gauss: [0],
  valid_size: 0.25,
  batch_size: 8,
}
const noisy = { ...plain, apply_noise: { noise_std: { 0.1: 0.5, 0.3: 0.5 } } }
const images: readonly PlainConfig[] = [
  plain,
  { ...plain, apply_augmentation: true },
  noisy,
  { ...noisy, add_out_domain_test: true },
  { ...plain, apply_noise: { noise_snr: { 2: 1 } } },
  {
    ...plain,
    apply_noise: { noise_std: { 0.1: 1 }, representation_matching: true },
    apply_augmentation: true,
  },
  { ...plain, examples_per_class: 2 },
  { ...plain, filter_classes: [1, 3] },
  { ...plain, dataset_cls: 'MNIST', data_dir: 'MNIST', input_size: 32, apply_grayscale: false },
  { ...plain, add_fly_corrupted_test: { frost: [3], defocus_blur: [3] } },
]

const recorded = { dataset: 'rec.h5', crop: 0, scale: 1, batch_size: 8, time_bins_sum: 3 }
const population = {
  dataset: 'in_silico',
  crop: 0,
  scale: 1,
  batch_size: 16,
  generator: { n_neurons: 4, n_images: 24, n_test: 4, repeats: 2, images: 'pink_noise', image_size: 32 },
}
const generated = (more: PlainConfig): PlainConfig => ({
  ...population,
  generator: { ...population.generator, ...more },
})
const recordings: readonly PlainConfig[] = [
  recorded,
  { ...recorded, variant: 'shuffled' },
  { ...recorded, scale: 0.7 },
  { ...recorded, resize: 20, train_transformation: true },
  { ...recorded, apply_augmentation: true, train_transformation: true, input_size: 32 },
  { ...recorded, stats: { mean: [0.4], std: [0.2] } },
  { ...recorded, test_frac: 0.3 },
  { ...recorded, image_frac: 0.5 },
  { ...recorded, target_types: ['v1', 'img_classification'], add_fly_corrupted_test: { contrast: [2] } },
  population,
  generated({ images: 'classification', image_set: 'MNIST', image_dir: 'MNIST' }),
  generated({ noise: 'gaussian', gain_noise: 0.2, pool: 'bank' }),
  generated({ centre: 'gaussian' }),
]

/** Other values, by the last key of an option, where none follows from the type. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  value_min: [10],
  value_max: [200],
  input_channels: [3],
  train_data_mean: [[0.2]],
  train_data_std: [[0.5]],
  filter_classes: [[0, 2]],
  examples_per_class: [3],
  noise_std: [{ 0.5: 1 }],
  noise_snr: [{ 1: 1 }],
  all_noises: [['gaussian_noise', 'contrast']],
  validation_gauss: [[0, 0.3]],
  add_fly_corrupted_test: [{ contrast: [3] }],
  sessions: [['two']],
  exclude: [['two']],
  target_types: [['v1', 'img_classification']],
  time_bins_sum: [2],
  crop: [2],
  mean: [[0.3]],
  std: [[0.4]],
  image_selection_seed: [7],
  aspect_low: [0.9],
  frequency_low: [0.12],
  bandwidth_low: [1.5],
}

/** Options whose effect has tests of its own, since it needs another set, and where. */
const SHOWN_ELSEWHERE: Readonly<Record<string, string>> = {
  dataset_cls: 'another set',
  data_set: 'another set: library.test.ts',
  dataset: 'another set',
  in_resize: 'ImageNet only: image transforms',
  add_corrupted_test: 'a companion set: companion-sets.test.ts',
  use_c_test_as_val: 'a companion set: companion-sets.test.ts',
  add_imagenet_fly_test: 'a companion set: companion-sets.test.ts',
  add_stylized_test: 'a companion set: companion-sets.test.ts',
  sessions_dir: 'the published layout: real-data.test.ts',
  individual_image_paths: 'the published layout',
  image_set: 'another set',
  store_kernels: 'what is kept with the responses, not the responses',
}

beforeAll(async () => {
  await useBackend('cpu')
  writeTinyMnist(join(home, 'MNIST'))
  await writeImages()
  await writeRecording()
})

const lastKey = (path: string): string => path.split('.').at(-1) as string

describe.each([
  ['img_loader', imgLoader, images],
  ['neural_loader', neuralLoader, recordings],
] as const)('%s', (fn, known, configs) => {
  const settings: readonly Setting[] = configs.map((config, i) => ({ name: `${i}`, config }))
  const changesSomething = effectsOf(known, settings, (config) => outcomeOf(fn, config), values)
  const isShownHere = (path: string): boolean =>
    !(lastKey(path) in SHOWN_ELSEWHERE) && !path.startsWith('predictions.')
  const options = optionsOf(known).filter(isShownHere)

  it.each(options)('gives other batches with another %s', async (path) => {
    expect(await changesSomething(path)).toBe(true)
  })
})
