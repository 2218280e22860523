import { existsSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { canonicalJson } from '../../../../src-shared/schema/canonical.ts'
import type { ConstantSet } from '../../../engine/data/corruptions/base/types.ts'
import { byteGrey } from '../../../engine/data/loaders/normalise.ts'
import type { ImageSource } from '../../../engine/types.ts'
import { openPixelCache } from '../../../io/images/sources/pixel-cache.ts'
import { rawFileImages } from '../../../io/images/sources/raw-file-images.ts'
import type { Corrupter } from '../../batches/corruption-threads.ts'
import type { DataDeps } from '../../content/data-deps.ts'
import { sha256 } from '../../../disk/sha256.ts'
import { homeLayout } from '../../../disk/home-layout.ts'

/** Raised when the same request would give other pixels. */
const VERSION = 1
/** Corrupted images kept on disk; the least recently used go first. */
const CACHE_BYTES = 20e9

export interface CorruptedRequest {
  /** Images at their input size. */
  readonly images: ImageSource
  /** What the images are: fingerprint of the set and how they were fitted. */
  readonly identity: string
  readonly positions: Int32Array
  readonly corruption: string
  readonly severity: number
  readonly constants: ConstantSet
  readonly grey: boolean
  readonly seed: number
}

export const corruptedChannels = (request: Pick<CorruptedRequest, 'grey'>): 1 | 3 => (request.grey ? 1 : 3)

/**
 * The chosen images with one corruption, in the order of `positions`: RGB bytes corrupted by a stream of the image's
 * own, then made grey on bytes where asked for. Computed once for each data set and kept on disk.
 */
export async function corruptedImages(
  request: CorruptedRequest,
  pool: Corrupter,
  deps: DataDeps,
): Promise<ImageSource> {
  const { images, positions } = request
  const size = { height: images.height, width: images.width, channels: corruptedChannels(request) }
  const cache = openPixelCache(homeLayout(deps.home).corruptedPixels, CACHE_BYTES)
  const key = keyOf(request)
  let found = cache.find(key)
  if (found === null) {
    const temporary = cache.temporaryPath()
    try {
      found = { ...size, length: positions.length, digest: key }
      await writeCorrupted(request, temporary, pool, deps)
      if (!existsSync(cache.pathOf(found))) await cache.keep(key, temporary, found)
    } finally {
      await rm(temporary, { force: true })
    }
  }
  return rawFileImages(cache.pathOf(found), positions.length, size)
}

function keyOf({
  images,
  identity,
  positions,
  corruption,
  severity,
  constants,
  grey,
  seed,
}: CorruptedRequest): string {
  const order = sha256(new Uint8Array(positions.buffer, positions.byteOffset, positions.byteLength))
  const size = [images.height, images.width]
  return sha256(
    canonicalJson({ version: VERSION, identity, size, order, corruption, severity, constants, grey, seed }),
  )
}

/** Images in work at a time: enough to keep every thread busy. */
const BLOCK = 512

async function writeCorrupted(
  request: CorruptedRequest,
  path: string,
  pool: Corrupter,
  deps: DataDeps,
): Promise<void> {
  const { images, positions } = request
  const each = images.height * images.width * images.channels
  const file = await open(path, 'wx')
  try {
    for (let start = 0; start < positions.length; start += BLOCK) {
      const block = positions.slice(start, start + BLOCK)
      const bytes = new Uint8Array(block.length * each)
      await images.read(block, bytes)
      const rgb = await pool.corrupt({
        ...batchOf(request),
        images: images.channels === 1 ? repeated(bytes) : bytes,
        indices: block,
      })
      await file.write(request.grey ? greyOf(rgb) : rgb)
      deps.progress?.(
        `${request.corruption}, severity ${request.severity}`,
        (start + block.length) / positions.length,
      )
    }
  } finally {
    await file.close()
  }
}

const batchOf = ({ images, corruption, severity, constants, seed }: CorruptedRequest) =>
  ({
    name: corruption,
    severity,
    constants,
    seed,
    width: images.width,
    height: images.height,
    channels: 3,
  }) as const

/** One channel as three equal ones: noise then differs between them, as in the published order of steps. */
const repeated = (grey: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)]!)

function greyOf(rgb: Uint8Array): Uint8Array {
  const out = new Uint8Array(rgb.length / 3)
  for (let i = 0; i < out.length; i++) out[i] = byteGrey(rgb[3 * i]!, rgb[3 * i + 1]!, rgb[3 * i + 2]!)
  return out
}
