import type { CanonicalSession, CanonicalSet } from '../../src-main/io/canonical/set.ts'
import { memoryImages } from '../../src-main/io/images/sources/memory-images.ts'

/** 4 images of 3 x 2 x 1 bytes, one V4 session of 5 trials x 2 units x 2 bins with a missing value. */
export function sampleSession(change: Partial<CanonicalSession> = {}): CanonicalSession {
  return {
    key: 'a1',
    subject: 'monkey A',
    area: 'V4',
    species: 'macaque',
    responseKind: 'counts',
    binMs: 10,
    t0Ms: 50,
    trials: {
      imageId: Int32Array.of(7, 3, 9, 9, 1),
      tier: Uint8Array.of(0, 1, 3, 3, 2),
      repeat: Int32Array.of(0, 0, 0, 1, 0),
      timeS: Float64Array.of(0.5, 1, 1.5, 2, 2.5),
      behavior: { names: ['pupil', 'speed'], values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10) },
    },
    units: { id: ['u1', 'u2'], depthUm: Float32Array.of(100, 250), layer: ['2/3', '4'] },
    responses: Float32Array.of(1, 2, 0, 1, 3, 3, 1, 0, 0, 2, 4, 4, NaN, 1, 2, 0, 5, 0, 1, 1),
    bins: 2,
    ...change,
  }
}

export function sampleSet(change: Partial<CanonicalSet> = {}): CanonicalSet {
  return {
    name: 'sample',
    provenance: { importer: 'test' },
    images: {
      source: memoryImages(
        Uint8Array.from({ length: 24 }, (_, i) => i * 10),
        { height: 3, width: 2, channels: 1 },
      ),
      id: Int32Array.of(3, 7, 1, 9),
      label: Int32Array.of(0, 1, -1, 1),
      labelNames: ['cat', 'öwl'],
      origin: ['a.png', 'b.png', 'c.png', 'd.png'],
    },
    sessions: [sampleSession()],
    ...change,
  }
}
