import type { FakeService } from '../fake-service.ts'
import type { OpenedPackage, PackageCard } from '../../../src-shared/contract/package.ts'

export const CARD: PackageCard = {
  format: 1,
  title: 'V1 co-trained VGG',
  note: 'Three seeds, trained on the public recordings.',
  authors: ['A. Lab', 'B. Lab'],
  licence: 'CC-BY-4.0',
  citation: 'Lab et al. (2026)',
  made: { at: '2026-11-30T12:00:00.000Z', app: '0.1.0' },
  model: 'Shared VGG for co-training',
  dataset: 'Images and responses',
  data: { fingerprint: 'f'.repeat(64), parts: {} },
  inputs: [{ task: 'v1', height: 64, width: 64, channels: 1 }],
  classes: ['cat', 'dog'],
  sessions: [{ area: 'v1', key: 's1', units: 96 }],
  scores: [
    { key: 'FinalTest/img_classification/eval', mean: 51.2, low: 50.1, high: 52.3, n: 3 },
    { key: 'FinalTest/v1/eval', mean: 0.482, low: 0.47, high: 0.494, n: 3 },
  ],
  runs: [1, 2, 3].map((seed) => ({
    id: String(seed).repeat(64),
    name: 'V1 co-trained VGG',
    seed,
    epochs: 40,
    seconds: 3600,
    engine: 'native',
  })),
  examples: { from: 'generated', count: 4 },
}

export const OPENED: OpenedPackage = {
  card: CARD,
  added: CARD.runs.map(({ id }) => id),
  known: [],
  difference: 2.1e-7,
  compared: 1176,
  engine: 'native',
  notes: [],
}

type PackageMethods = Extract<keyof FakeService, `packages.${string}`>

/** Answers about packages over made-up runs. */
export const packageAnswers = (
  need: (id: string) => { readonly summary: { readonly name: string; readonly seed: number } },
): Pick<FakeService, PackageMethods> => ({
  'packages.outline': ({ ids }) => ({
    runs: ids.map((id) => ({ id, ...need(id).summary, bytes: 1e6 })),
    inSetting: ids.length,
    title: need(ids[0] ?? '').summary.name,
    author: '',
    dataFingerprint: 'f'.repeat(64),
  }),
  'packages.write': ({ to }) => ({ path: to, bytes: 1e6, members: [], notes: [] }),
  'packages.look': ({ path }) => ({ path, bytes: 1e6, card: CARD, members: [], known: [] }),
  'packages.open': () => OPENED,
  'packages.fetch': () => OPENED,
  'packages.shelf': () => [{ file: 'tiny.cotrain', bytes: 1e6, card: CARD, known: [], problem: null }],
})
