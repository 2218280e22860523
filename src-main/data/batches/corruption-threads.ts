import { availableParallelism } from 'node:os'
import type { RgbImage } from '../../engine/data/corruptions/base/types.ts'
import type { CorruptionPool } from '../../io/corruption-workers/corruption-pool.ts'
import { createCorruptionPool } from '../../io/corruption-workers/corruption-pool.ts'

export type Corrupter = Pick<CorruptionPool, 'corrupt'>

/** More threads gain little: the engine wants cores too. */
const MOST_THREADS = 8

/** A pool of threads that starts with the first images to corrupt. */
export function lazyCorruptions(textures: readonly RgbImage[] | undefined): Corrupter & { close(): void } {
  let pool: CorruptionPool | null = null
  return {
    corrupt(batch) {
      pool ??= createCorruptionPool({
        threads: Math.min(MOST_THREADS, Math.max(1, availableParallelism() - 1)),
        ...(textures && { textures }),
      })
      return pool.corrupt(batch)
    },
    close() {
      void pool?.close()
    },
  }
}
