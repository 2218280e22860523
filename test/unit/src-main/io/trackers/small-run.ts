import type { TrackedRun } from '../../../../../src-main/io/trackers/tracked-run.ts'

const T = 1_700_000_000_250

export const SMALL_RUN: TrackedRun = {
  id: 'abcdef0123456789',
  name: 'Größe/seed, seed 1',
  group: 'g1',
  status: 'finished',
  startedAt: T,
  endedAt: T + 8000,
  options: new Map([['trainer.config.lr', 0.003]]),
  config: 'seed: 1\n',
  notes: 'Größe',
  tags: ['a', 'b'],
  curves: [
    {
      key: 'Training/v1/loss',
      points: [
        { step: 0, at: T + 2000, value: 1.5 },
        { step: 7, at: T + 4000, value: Number.NaN },
      ],
    },
  ],
  scores: new Map([['FinalTest/v1/eval', 0.25]]),
  units: [{ name: 'V1/s1/correlation', values: Float64Array.from([0.5, Number.NaN, 0.5]) }],
}
