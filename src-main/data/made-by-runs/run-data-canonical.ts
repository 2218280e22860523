import type { NeuralSet } from '../../engine/types.ts'
import type { CanonicalSession, CanonicalSet } from '../../io/canonical/set.ts'
import type { AnsweredPictures } from './answered-pictures.ts'

/** Responses of one session to every picture. */
export interface AnsweredSession {
  readonly key: string
  readonly units: readonly string[]
  /** [pictures, units] */
  readonly responses: Float32Array
}

/** Pictures and the answers of a run to them as the content of a data file: one trial for each picture, no noise. */
export function runDataCanonical(
  name: string,
  area: NeuralSet,
  { images, labels, classNames, tier }: AnsweredPictures,
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
