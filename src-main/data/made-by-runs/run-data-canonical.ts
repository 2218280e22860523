import type { NeuralSet } from '../../engine/types.ts'
import type { CanonicalSession, CanonicalSet } from '../../io/canonical/set.ts'
import type { AnsweredImages } from './answered-images.ts'

/** Responses of one session to every image. */
export interface AnsweredSession {
  readonly key: string
  readonly units: readonly string[]
  /** [images, units] */
  readonly responses: Float32Array
}

/** Images and the answers of a run to them as the content of a data file: one trial for each image, no noise. */
export function runDataCanonical(
  name: string,
  area: NeuralSet,
  { images, labels, classNames, tier }: AnsweredImages,
  sessions: readonly AnsweredSession[],
  provenance: Readonly<Record<string, unknown>>,
): CanonicalSet {
  const id = Int32Array.from({ length: images.length }, (_, i) => i)
  return {
    name,
    provenance,
    images: {
      source: images,
      id,
      label: labels,
      labelNames: classNames,
    },
    sessions: sessions.map(({ key, units, responses }): CanonicalSession => ({
      key,
      subject: 'model',
      area: area.toUpperCase(),
      species: 'in silico',
      responseKind: 'predicted',
      trials: { imageId: id, tier },
      units: { id: units },
      responses,
      bins: 1,
    })),
  }
}
