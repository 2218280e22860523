import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ImageSource } from '../../engine/types.ts'
import type { ImageSet } from '../../io/images/sources/image-set.ts'
import type { DataDeps } from './data-deps.ts'

/** @throws CotrainError `cancelled` when the work was called off. */
export function throwIfCancelled({ signal }: Pick<DataDeps, 'signal'>): void {
  if (signal?.aborted === true)
    throw new CotrainError({ code: 'cancelled', message: 'it was cancelled; nothing was added.' })
}

/** Deps whose news end the work when it was called off. */
export const watched = (deps: DataDeps): DataDeps => ({
  ...deps,
  progress: (text, fraction) => {
    throwIfCancelled(deps)
    deps.progress?.(text, fraction)
  },
})

/** A set whose images say how many of them were read, so that reading through can be watched and called off. */
export function watchedSet(set: ImageSet, { progress }: DataDeps): ImageSet {
  const parts = Object.entries(set.parts)
  const total = parts.reduce((sum, [, { images }]) => sum + images.length, 0)
  let done = 0
  const watchedImages = (images: ImageSource): ImageSource => ({
    ...images,
    read: (indices, out) => {
      done += indices.length
      progress?.('looking through the images', Math.min(1, done / Math.max(1, total)))
      return images.read(indices, out)
    },
  })
  return {
    ...set,
    parts: Object.fromEntries(
      parts.map(([name, part]) => [name, { ...part, images: watchedImages(part.images) }]),
    ),
  }
}
