/**
 * Packs sessions of the public V4 recordings (Cowley et al. 2023) into one data file, with the test images of the baseline
 * figures: the first fifth of numpy's RandomState(0).permutation. Sessions with single trials keep them.
 *
 *   node --import tsx bench/real-data/v4-file.ts <v4_cowley2023 folder> <out.h5> [--side 56] [--train mean|trials] <session> ...
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeCanonical } from '../../src-main/io/canonical/write.ts'
import type { CanonicalSession } from '../../src-main/io/canonical/set.ts'
import { TIERS } from '../../src-main/io/canonical/set.ts'
import { bytesSource } from '../../src-main/io/formats/base/byte-source.ts'
import { readNpy } from '../../src-main/io/formats/numpy/npy.ts'
import { openZip } from '../../src-main/io/formats/zip/zip.ts'
import { decodeImage } from '../../src-main/io/images/decode/decode.ts'
import { memoryImages } from '../../src-main/io/images/sources/memory-images.ts'
import { numpyRandom } from '../../src-shared/util/numpy-random.ts'

const CHANNELS = 3
const TEST_SHARE = 5
const TEST_SEED = 0

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { side: { type: 'string', default: '56' }, train: { type: 'string', default: 'mean' } },
})
const [folder = '', out = '', ...keys] = positionals
const side = Number(options.side)

/** Mean over blocks of pixels; [side, side, 3] bytes. */
function reduced(data: Uint8Array, size: number): Uint8Array {
  const block = size / side
  const pixels = new Uint8Array(side * side * CHANNELS)
  for (let i = 0; i < pixels.length; i++) {
    const c = i % CHANNELS
    const x = Math.floor(i / CHANNELS) % side
    const y = Math.floor(i / CHANNELS / side)
    let sum = 0
    for (let dy = 0; dy < block; dy++)
      for (let dx = 0; dx < block; dx++)
        sum += data[((y * block + dy) * size + x * block + dx) * CHANNELS + c] as number
    pixels[i] = Math.round(sum / block ** 2)
  }
  return pixels
}

async function imagesOf(key: string): Promise<Uint8Array[]> {
  const path = join(folder, `images/images_${key}.zip`)
  const zip = openZip(bytesSource(path, readFileSync(path)))
  const names = zip.entries
    .map((e) => e.name)
    .filter((n) => n.endsWith('.jpg'))
    .sort()
  const decoded = names.map(async (name) => {
    const image = await decodeImage(zip.read(name), name)
    return reduced(image.data, image.width)
  })
  return Promise.all(decoded)
}

interface Trial {
  readonly image: number
  readonly repeat: number
  readonly tier: number
  readonly responses: Float32Array
}

/** Single trials where they are public (and wanted for training), else the mean over repeats as one trial. */
function trialsOf(key: string, images: number): { readonly trials: Trial[]; readonly units: number } {
  const mean = readNpy(join(folder, `responses_repeat_averaged/responses_${key}.npy`))
  const rawPath = join(folder, `responses_raw/responses_${key}.npy`)
  const raw = existsSync(rawPath) ? readNpy(rawPath) : null
  const units = mean.shape[0] as number
  const test = new Set(
    numpyRandom(TEST_SEED)
      .permutation(images)
      .slice(0, Math.floor(images / TEST_SHARE)),
  )
  const trials: Trial[] = []
  for (let image = 0; image < images; image++) {
    const tier = test.has(image) ? TIERS.test : TIERS.pool
    const single = raw !== null && (tier === TIERS.test || options.train === 'trials')
    const repeats = single ? (raw.shape[2] as number) : 1
    for (let repeat = 0; repeat < repeats; repeat++) {
      const of = (u: number): number =>
        single
          ? Number(raw.values[(u * images + image) * repeats + repeat])
          : Number(mean.values[u * images + image])
      const responses = Float32Array.from({ length: units }, (_, u) => of(u))
      if (!Number.isNaN(responses[0])) trials.push({ image, repeat, tier, responses })
    }
  }
  return { trials, units }
}

const all: Uint8Array[] = []
const sessions: CanonicalSession[] = []
for (const key of keys) {
  const shown = await imagesOf(key)
  const { trials, units } = trialsOf(key, shown.length)
  const responses = new Float32Array(trials.length * units)
  trials.forEach((t, i) => responses.set(t.responses, i * units))
  const first = all.length
  sessions.push({
    key,
    subject: 'macaque',
    area: 'V4',
    species: 'macaca mulatta',
    responseKind: 'counts',
    trials: {
      imageId: Int32Array.from(trials, (t) => first + t.image),
      tier: Uint8Array.from(trials, (t) => t.tier),
      repeat: Int32Array.from(trials, (t) => t.repeat),
    },
    units: { id: Array.from({ length: units }, (_, u) => `${key}-${u}`) },
    responses,
    bins: 1,
  })
  all.push(...shown)
  console.log(`${key}: ${shown.length} images, ${trials.length} trials, ${units} units`)
}
const pixels = new Uint8Array(all.length * side * side * CHANNELS)
all.forEach((image, i) => pixels.set(image, i * image.length))
const source = memoryImages(pixels, { height: side, width: side, channels: CHANNELS })
const id = Int32Array.from(all.keys())
const images = { source, pixelType: 'uint8' as const, valueMin: 0, valueMax: 255, id }
const provenance = { source: 'github.com/cowleygroup/V4_compact_models', side, train: options.train }
await writeCanonical(out, { name: 'v4', provenance, images, sessions }, new Date().toISOString())
