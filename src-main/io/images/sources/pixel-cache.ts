import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../../../disk/error-code.ts'
import { writeFileAtomic } from '../../../disk/atomic-write.ts'
import type { ImageSize } from './memory-images.ts'

/** What is known about one decoded set. */
export interface CachedPixels extends ImageSize {
  readonly length: number
  /** SHA-256 of the pixels: the name of the raw file, so that equal sets are stored once. */
  readonly digest: string
}

/** A folder of decoded images, bounded in size; the least recently used go first. */
export interface PixelCache {
  find(key: string): CachedPixels | null
  pathOf(pixels: CachedPixels): string
  /** A path to write raw pixels to before {@link PixelCache.keep}. */
  temporaryPath(): string
  /** Takes a finished raw file over under its digest and makes room. */
  keep(key: string, temporary: string, pixels: CachedPixels): Promise<void>
}

/** A temporary file this old belongs to a process that died. */
const STALE_MS = 24 * 3600 * 1000

/** Opens (and creates) a cache folder that may grow to `maxBytes`. */
export function openPixelCache(folder: string, maxBytes: number): PixelCache {
  mkdirSync(folder, { recursive: true })
  const rawPath = (digest: string): string => join(folder, `${digest}.raw`)
  const indexPath = (key: string): string => join(folder, `${key}.json`)
  return {
    find(key) {
      const pixels = readIndex(indexPath(key))
      if (!pixels) return null
      const expected = pixels.length * pixels.height * pixels.width * pixels.channels
      if (statSync(rawPath(pixels.digest), { throwIfNoEntry: false })?.size !== expected) return null
      touch(rawPath(pixels.digest))
      return pixels
    },
    pathOf: (pixels) => rawPath(pixels.digest),
    temporaryPath: () => join(folder, `${process.pid}-${randomBytes(6).toString('hex')}.tmp`),
    async keep(key, temporary, pixels) {
      renameSync(temporary, rawPath(pixels.digest))
      await writeFileAtomic(indexPath(key), JSON.stringify(pixels))
      evict(folder, maxBytes, rawPath(pixels.digest))
    },
  }
}

function readIndex(path: string): CachedPixels | null {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<CachedPixels> // checked field by field below
    const sizes = [value.length, value.height, value.width, value.channels]
    const whole = sizes.every((n) => Number.isSafeInteger(n))
    return whole && /^[0-9a-f]{64}$/.test(value.digest ?? '') ? (value as CachedPixels) : null
  } catch {
    return null // no entry, or one of another version: decoded again
  }
}

/** Says that an entry was used. On a disk that cannot be written nothing is evicted either. */
function touch(path: string): void {
  const now = new Date()
  try {
    utimesSync(path, now, now)
  } catch (error) {
    if (errorCode(error) !== 'EROFS') throw error
  }
}

function evict(folder: string, maxBytes: number, newest: string): void {
  const files = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat ? [{ path, size: stat.size, used: stat.mtimeMs }] : []
  })
  const latest = Math.max(...files.map(({ used }) => used))
  for (const { path, used } of files) if (path.endsWith('.tmp') && latest - used > STALE_MS) remove(path)
  const raw = files.filter(({ path }) => path.endsWith('.raw')).sort((a, b) => a.used - b.used)
  let total = raw.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size } of raw) {
    if (total <= maxBytes) break
    if (path === newest) continue
    remove(path)
    total -= size
  }
}

/** Windows keeps files that another process reads; they go another time. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch (error) {
    const code = errorCode(error)
    if (code !== 'EBUSY' && code !== 'EPERM') throw error
  }
}
