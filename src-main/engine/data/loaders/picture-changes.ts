import type { ConstantsOption } from '../corruptions/corrupt.ts'
import type { RgbImage } from '../corruptions/base/types.ts'
import type { ChangeBytes, ChangeTable } from './pipeline.ts'
import { augmented, type AugmentOptions } from '../transforms/augment.ts'
import { corrupted, distorted, type DistortOptions } from '../transforms/distort.ts'

/** Options of `augment`; the size is that of the picture. */
export type AugmentChange = Omit<AugmentOptions, 'size'>

/** Options of `distort`. */
export type DistortChange = Omit<DistortOptions, 'textures'>

/** Options of `corrupt`. */
export interface CorruptChange {
  readonly name: string
  readonly severity: number
  readonly constants?: ConstantsOption
}

/**
 * The changes of stored pictures that a pipeline plan may name: `augment` (random crop with black border, mirror,
 * rotation), `distort` (a random corruption) and `corrupt` (a given one).
 * @param textures frost pictures of the user; procedural ones unless given
 */
export function pictureChanges(textures?: readonly RgbImage[]): ChangeTable {
  const frost = textures === undefined ? {} : { textures }
  // a plan is plain data; whoever writes a change of a kind writes the options of that kind
  const augment: ChangeBytes = (data, shape, rng, options) =>
    augmented({ ...shape, data }, { ...(options as unknown as AugmentChange), size: shape }, rng).data
  const distort: ChangeBytes = (data, shape, rng, options) =>
    distorted({ ...shape, data }, { ...(options as unknown as DistortChange), ...frost }, rng).data
  const corrupt: ChangeBytes = (data, shape, rng, options) => {
    const { name, severity, constants } = options as unknown as CorruptChange
    return corrupted({ ...shape, data }, name, severity, { rng, ...frost, ...(constants && { constants }) })
      .data
  }
  return { augment, distort, corrupt }
}
