import type { RgbImage } from '../corruptions/base/types.ts'
import type { ChangeTable } from './pipeline.ts'
import { augmented } from '../transforms/augment.ts'
import { corrupted, distorted } from '../transforms/distort.ts'

/**
 * The changes of stored images that a pipeline plan may name: `augment` (random crop with black border, mirror,
 * rotation), `distort` (a random corruption) and `corrupt` (a given one).
 * @param textures frost images of the user; procedural ones unless given
 */
export function imageChanges(
  textures?: readonly RgbImage[],
): Required<Pick<ChangeTable, 'augment' | 'distort' | 'corrupt'>> {
  const frost = textures === undefined ? {} : { textures }
  return {
    augment: (data, shape, rng, options) =>
      augmented({ ...shape, data }, { ...options, size: shape }, rng).data,
    distort: (data, shape, rng, options) => distorted({ ...shape, data }, { ...options, ...frost }, rng).data,
    corrupt: (data, shape, rng, { name, severity, constants }) =>
      corrupted({ ...shape, data }, name, severity, { rng, ...frost, ...(constants && { constants }) }).data,
  }
}
