import type { Result } from '../../../src-shared/contract/contract.ts'
import type { Curve, NeuronTable } from '../../../src-shared/contract/run.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import type { Evaluation } from '../../../src-shared/contract/evaluation.ts'
import type { FakeRun } from './made-up-runs.ts'
import { NOW } from './made-up-runs.ts'

const STEPS_PER_EPOCH = 938
const IMAGES_PER_STEP = 64

export const CLASSIFICATION_KEYS = [
  'Training/img_classification/loss',
  'Validation/img_classification/eval',
  'Validation/patience',
  'LR',
  'Training/img_classification/grad_norm',
  'Throughput/images_per_second',
  'Throughput/loader_wait',
]
export const NEURAL_KEYS = [
  'Training/v1/loss',
  'Validation/v1/eval',
  'Training/img_classification/loss_weight',
  'Training/v1/loss_weight',
  'Training/v1/grad_norm',
  'Training/grad_cosine',
]

export const keysOf = (run: FakeRun): string[] =>
  run.config.dataset.fn === 'img_loader' ? CLASSIFICATION_KEYS : [...CLASSIFICATION_KEYS, ...NEURAL_KEYS]

type Shape = (progress: number, skill: number, noise: number) => number

/** How each metric moves over training: progress 0 to 1, skill 0 to 1, noise a standard normal number. */
const SHAPES: Readonly<Record<string, Shape>> = {
  'Training/img_classification/loss': (t, s, n) =>
    0.16 - 0.1 * s + 2.1 * Math.exp(-9 * t) + 0.05 * n * Math.exp(-2 * t),
  'Validation/img_classification/eval': (t, s, n) => 91 + 6.5 * s - 50 * Math.exp(-12 * t) + 0.3 * n,
  'Validation/patience': (t) => Math.floor(t * 12) % 4,
  LR: (t) => 0.001 * (t > 0.75 ? 0.09 : t > 0.42 ? 0.3 : 1),
  'Training/img_classification/grad_norm': (t, _s, n) => 1.9 - 1.2 * t + 0.3 * Math.abs(n),
  'Throughput/images_per_second': (_t, _s, n) => 1840 + 60 * n,
  'Throughput/loader_wait': (_t, _s, n) => 0.012 + 0.004 * Math.abs(n),
  'Training/v1/loss': (t, s, n) => 0.62 - 0.06 * s + 0.5 * Math.exp(-7 * t) + 0.03 * n,
  'Validation/v1/eval': (t, s, n) => 0.29 + 0.22 * s - 0.28 * Math.exp(-8 * t) + 0.004 * n,
  'Training/img_classification/loss_weight': (t) => 1 + 1.4 * t,
  'Training/v1/loss_weight': (t) => 1 - 0.45 * t,
  'Training/v1/grad_norm': (t, _s, n) => 0.9 - 0.3 * t + 0.15 * Math.abs(n),
  'Training/grad_cosine': (t, s, n) => 0.25 * s - 0.1 * t + 0.08 * n,
}

/** Validation happens once an epoch, everything else is logged every few steps. */
const isPerEpoch = (key: string): boolean => key.startsWith('Validation/') || key === 'LR'

export function curveOf(run: FakeRun, key: string, points: number): Curve | null {
  const shape = SHAPES[key]
  if (shape === undefined || !keysOf(run).includes(key)) return null
  const epochs = run.summary.status === 'finished' ? 12 : 5.4
  const n = isPerEpoch(key) ? Math.floor(epochs) + 1 : Math.min(points, 600)
  const rng = createRng(Number.parseInt(run.summary.id.slice(0, 7), 16)).fork(key)
  const epoch = Array.from(
    { length: n },
    (_, i) => (i / Math.max(1, n - 1)) * (isPerEpoch(key) ? n - 1 : epochs),
  )
  const value = epoch.map((e) => shape(e / 12, run.skill, rng.normal()))
  const step = epoch.map((e) => Math.round(e * STEPS_PER_EPOCH))
  return {
    id: run.summary.id,
    key,
    step,
    epoch,
    images: step.map((s) => s * IMAGES_PER_STEP),
    seconds: epoch.map((e) => e * 17.4),
    elapsed: epoch.map((e) => e * 17.4),
    value,
    start: step[0] ?? 0,
    total: isPerEpoch(key) ? n : Math.round(epochs * STEPS_PER_EPOCH),
    min: Math.min(...value),
    max: Math.max(...value),
    last: value.at(-1) ?? null,
  }
}

export const CORRUPTIONS = [
  'gaussian_noise',
  'shot_noise',
  'impulse_noise',
  'defocus_blur',
  'contrast',
  'brightness',
  'pixelate',
  'jpeg_compression',
]
const SEVERITIES = [1, 2, 3, 4, 5]

const accuracyOf = (run: FakeRun): number[][] =>
  CORRUPTIONS.map((_, c) =>
    SEVERITIES.map((s) => Math.max(11, 96 - (1.4 + ((c * 5) % 7)) * s * (1.7 - 0.9 * run.skill))),
  )

export function robustnessOf(run: FakeRun, baseline: FakeRun | null): Result<'runs.robustness'> {
  const { scores } = run.summary
  return {
    id: run.summary.id,
    baseline: baseline?.summary.id ?? null,
    clean: scores['FinalTest/img_classification/eval'] ?? null,
    corruptions: [...CORRUPTIONS],
    severities: [...SEVERITIES],
    accuracy: accuracyOf(run),
    baselineAccuracy: baseline === null ? null : accuracyOf(baseline),
    // Made-up networks guess at the last severity of the last corruption, so that such a cell can be looked at.
    atChance: CORRUPTIONS.map((_, i) =>
      SEVERITIES.map((_s, j) => i === CORRUPTIONS.length - 1 && j === SEVERITIES.length - 1),
    ),
    leftOut: baseline === null ? 0 : 1,
    scores: Object.fromEntries(Object.entries(scores).filter(([k]) => k.startsWith('Robustness/'))),
  }
}

/** Two sessions of model neurons with reliability, test scores and places over the stimulus. */
export function neuronsOf(run: FakeRun, units = 96): NeuronTable[] {
  if (run.config.dataset.fn === 'img_loader') return []
  return ['session_1', 'session_2'].map((session, k) => neuronTable(session, units, run.skill, k))
}

export function neuronTable(session: string, units: number, skill: number, seed: number): NeuronTable {
  const rng = createRng(900 + seed)
  const ceiling = Array.from({ length: units }, () => 0.35 + 0.6 * rng.uniform())
  const noise = createRng(Math.round(skill * 1000) + seed)
  const test = ceiling.map((c) => c * (0.45 + 0.35 * skill) + 0.06 * noise.normal())
  return {
    session,
    area: 'V1',
    units: ceiling.map((_, i) => `${session}-${String(i + 1).padStart(3, '0')}`),
    columns: {
      correlation: test,
      avg_correlation: test.map((t) => Math.min(0.99, t * 1.35)),
      feve: test.map((t, i) => ((ceiling[i] ?? 0) < 0.4 ? null : t * 0.9)),
      ceiling,
      fev: ceiling.map((c) => c * c),
      oracle: ceiling.map((c) => c * 0.9),
      mu_x: ceiling.map(() => 1.6 * rng.uniform() - 0.8),
      mu_y: ceiling.map(() => 1.6 * rng.uniform() - 0.8),
    },
  }
}

export function confusionOf(): NonNullable<Result<'runs.confusion'>> {
  const classNames = Array.from({ length: 10 }, (_, i) => String(i))
  const rng = createRng(5)
  return {
    classNames,
    counts: classNames.map((_, i) => classNames.map((_, j) => (i === j ? 940 + rng.int(50) : rng.int(9)))),
  }
}

/** Its network on another set, scored later. */
export const evaluationOf = ({ summary }: FakeRun): Evaluation => ({
  key: '0123456789abcdef',
  version: 1,
  at: NOW,
  members: [summary.id],
  data: { name: 'photographs', fingerprint: '1a2b3c4d5e', part: 'test' },
  conditions: {},
  baseline: null,
  scores: {
    'FinalTestInDomain/img_classification/eval': 61.2,
    'FinalTestInDomain/img_classification/loss': 1.21,
  },
  notes: [],
  classNames: [],
  units: {},
  counts: { img_classification: 500 },
  engine: 'native',
})

/** A finished run at one of its checkpoints, scored after training with the weights of epoch 9. */
export const momentOf = (run: FakeRun, epoch: number, verified: boolean): Result<'runs.moment'> => ({
  epoch,
  step: epoch * 938,
  best: epoch === 9,
  at: (run.summary.startedAt ?? NOW) + epoch * 60_000,
  values: {
    LR: epoch < 5 ? 0.001 : 0.0003,
    'Validation/img_classification/eval': 90 + epoch / 2,
    'Validation/v1/eval': 0.3 + epoch / 100,
    'Training/img_classification/loss': 0.9 / epoch,
  },
  files: [
    { name: 'arrays.safetensors', bytes: 18_912_344 },
    { name: 'state.json', bytes: 1_204 },
  ],
  fault: null,
  verified,
  scoredEpoch: 9,
})
