import type { LabelledImages } from '../../engine/types.ts'
import type { CanonicalSet } from '../canonical/set.ts'

/** A part of a classification set as a canonical set without sessions, so that every export takes both kinds. */
export function labelledSet(
  name: string,
  set: LabelledImages,
  provenance: Readonly<Record<string, unknown>> = {},
): CanonicalSet {
  return {
    name,
    provenance,
    images: {
      source: set.images,
      id: Int32Array.from(set.labels, (_, i) => i),
      label: set.labels,
      labelNames: set.classNames,
    },
    sessions: [],
  }
}
