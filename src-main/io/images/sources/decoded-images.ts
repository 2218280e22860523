import { open, rm } from 'node:fs/promises'
import { CotrainError, type Problem, toProblems } from '../../../../src-shared/contract/errors.ts'
import type { ImportOption } from '../../../../src-shared/schema/importer/importers.ts'
import type { ImageSource } from '../../../engine/types.ts'
import type { ByteImage } from '../../../engine/data/image/pil-resize.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { decodeImage } from '../decode/decode.ts'
import { type Fit, fitImage } from '../decode/fit.ts'
import { imageSize, type Side } from '../decode/image-size.ts'
import type { ImageEntry } from './image-entry.ts'
import { type CachedPixels, openPixelCache } from './pixel-cache.ts'
import { rawFileImages } from './raw-file-images.ts'
import { startSha256 } from '../../../disk/sha256.ts'

export interface DecodeOptions {
  /** Folder for decoded pixels and its limit. */
  readonly cacheFolder: string
  readonly cacheBytes?: number
  readonly fit?: Fit
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

const DEFAULT_CACHE_BYTES = 20e9
/** Images of a block. Two blocks are in flight, which keeps every decoding thread busy; of the largest images allowed they hold 2.4 GB, usually 1 MB. */
const WINDOW = 8
const MAX_LISTED = 20
/** Options that bring images to one size: of images with classes, and of recordings. */
const OF_SIZE: readonly ImportOption[] = ['size', 'fit']
/** Part of the key: a change of decoding must not meet pixels of the former one. */
const DECODER = 'rgb8-2'

/**
 * Decodes images once into a raw file of the cache and reads them from there ever after. Broken files are all named
 * in one error (the first twenty); nothing is left in the cache then.
 */
export async function decodedImages(
  entries: readonly ImageEntry[],
  options: DecodeOptions,
): Promise<ImageSource> {
  const cache = openPixelCache(options.cacheFolder, options.cacheBytes ?? DEFAULT_CACHE_BYTES)
  const fit = options.fit ?? { kind: 'as-is' }
  const key = keyOf(entries, fit)
  let pixels = cache.find(key)
  if (!pixels) {
    const temporary = cache.temporaryPath()
    try {
      pixels = await decodeAll(entries, fit, temporary, options)
      await cache.keep(key, temporary, pixels)
    } finally {
      await rm(temporary, { force: true })
    }
  }
  return rawFileImages(cache.pathOf(pixels), pixels.length, sizeOf(pixels))
}

const sizeOf = ({
  height,
  width,
  channels,
}: CachedPixels): { height: number; width: number; channels: number } => ({ height, width, channels })

function keyOf(entries: readonly ImageEntry[], fit: Fit): string {
  const hash = startSha256().update(`${DECODER} ${JSON.stringify(fit)}\n`)
  for (const { path, size, stamp } of entries) hash.update(`${path}\0${size}\0${stamp}\n`)
  return hash.digest('hex')
}

async function decodeAll(
  entries: readonly ImageEntry[],
  fit: Fit,
  path: string,
  options: DecodeOptions,
): Promise<CachedPixels> {
  const pixelHash = startSha256()
  const problems: Problem[] = []
  const file = await open(path, 'wx')
  let first: ByteImage | null = null
  const decodeFrom = (from: number): Promise<PromiseSettledResult<ByteImage>[]> =>
    Promise.allSettled(entries.slice(from, from + WINDOW).map((entry) => decodeEntry(entry, fit)))
  let next = decodeFrom(0)
  try {
    for (let from = 0; from < entries.length; from += WINDOW) {
      options.signal?.throwIfAborted()
      const results = await next
      next = decodeFrom(from + WINDOW) // while this block is written
      for (const [i, result] of results.entries()) {
        const problem =
          result.status === 'rejected'
            ? toProblems(result.reason)
            : differs(first, result.value, entries[from + i]!.path) // one for each entry of the block
        problems.push(...problem)
        if (result.status === 'rejected' || problems.length > 0) continue
        first ??= result.value
        pixelHash.update(result.value.data)
        await file.write(result.value.data)
      }
      options.onProgress?.(Math.min(entries.length, from + WINDOW), entries.length)
    }
  } finally {
    await file.close()
  }
  if (problems.length > 0) throw new CotrainError(listed(problems))
  if (!first) throw invalidFile(path, null, 'there is no image to decode.', 'Choose a folder with images.')
  const { height, width, channels } = first
  return {
    length: entries.length,
    height,
    width,
    channels,
    digest: pixelHash.digest('hex'),
  }
}

const decodeEntry = async (entry: ImageEntry, fit: Fit): Promise<ByteImage> =>
  fitImage(await decodeImage(entry.read(), entry.path), fit, entry.path)

/** The one size of encoded images, by their headers. @throws CotrainError naming the first that has another size, or is no image */
export async function sizeOfAll(entries: readonly ImageEntry[]): Promise<Side | null> {
  let first: Side | null = null
  for (const entry of entries) {
    const size = await imageSize(entry.read(), entry.path)
    const problems = differs(first, size, entry.path)
    if (problems.length > 0) throw new CotrainError(problems)
    first ??= size
  }
  return first
}

function differs(first: Side | null, image: Side, path: string): Problem[] {
  if (!first || (first.width === image.width && first.height === image.height)) return []
  const message = `is ${image.width} x ${image.height}, the first image is ${first.width} x ${first.height}.`
  const { problems } = invalidFile(path, null, message, 'Choose a size to resize all images to.', OF_SIZE)
  return [...problems]
}

function listed(problems: readonly Problem[]): Problem[] {
  const rest = problems.length - MAX_LISTED
  if (rest <= 0) return [...problems]
  return [
    ...problems.slice(0, MAX_LISTED),
    { code: 'file-invalid', message: `${rest} more files have problems.` },
  ]
}
