import type { RunDetail, RunStatus, RunSummary } from '../../../src-shared/contract/run.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { COTRAINED_YAML, DEMO_YAML, configOf } from './made-up-configs.ts'

export interface FakeRun {
  summary: RunSummary
  readonly config: RunConfig
  /** How good it gets, 0 to 1; the curves follow. */
  readonly skill: number
}

/** All moments are counted from here, so that images of two days are the same. */
export const NOW = Date.now()
const MINUTE = 60_000

const hex = (n: number): string => {
  const rng = createRng(n + 17)
  return Array.from({ length: 64 }, () => rng.int(16).toString(16)).join('')
}

interface Wish {
  readonly n: number
  readonly config: RunConfig
  readonly status: RunStatus
  readonly skill: number
  readonly minutesAgo: number
  readonly extra?: Partial<RunSummary>
}

const isNeural = (config: RunConfig): boolean => config.dataset.fn !== 'img_loader'

function scoresOf(config: RunConfig, skill: number, n: number): Record<string, number> {
  const rng = createRng(n)
  const wobble = (): number => 0.4 * rng.normal()
  const image = {
    'FinalTest/img_classification/eval': 92 + 6 * skill + wobble(),
    'FinalTest/img_classification/loss': 0.31 - 0.2 * skill,
    'Robustness/mean_corrupted_accuracy': 58 + 22 * skill + wobble(),
    'Robustness/score': 96 + 14 * skill + wobble(),
    'Robustness/mCE': 104 - 18 * skill + wobble(),
    'Time/seconds': 180 + 40 * rng.uniform(),
  }
  if (!isNeural(config)) return image
  const v1 = 0.31 + 0.2 * skill + 0.004 * rng.normal()
  return {
    ...image,
    'FinalTest/v1/eval': v1,
    'FinalTest/v1/avg_correlation': v1 * 1.42,
    'FinalTest/v1/ceiling_fraction': v1 * 1.62,
    'FinalTest/v1/feve': v1 * 0.8,
  }
}

function make({ n, config, status, skill, minutesAgo, extra = {} }: Wish): FakeRun {
  const id = hex(n)
  const started = status === 'queued' ? null : NOW - minutesAgo * MINUTE
  const isOver = !['queued', 'running', 'preparing', 'stopping'].includes(status)
  const epochs = 12
  const epoch = status === 'finished' ? 12 : status === 'queued' ? 0 : 5
  return {
    config,
    skill,
    summary: {
      id,
      shortId: id.slice(0, 10),
      end: null,
      name: config.name,
      status,
      createdAt: NOW - (minutesAgo + 2) * MINUTE,
      startedAt: started,
      endedAt: isOver && started !== null ? started + 4 * MINUTE : null,
      seconds: status === 'queued' ? 0 : isOver ? 214 + (n % 40) : 92,
      epoch,
      epochs,
      seed: config.seed,
      dataset: config.dataset.fn,
      model: config.model.fn,
      trainer: config.trainer.fn,
      groupId: `g${config.name}`,
      scores: status === 'finished' ? scoresOf(config, skill, n) : {},
      latest:
        status === 'queued'
          ? {}
          : {
              'Training/img_classification/loss': 0.42 - 0.2 * skill,
              'Validation/img_classification/eval': 90 + 6 * skill,
            },
      tags: ['demo'],
      star: false,
      note: '',
      parent: null,
      problem: null,
      backend: status === 'queued' ? null : 'native',
      readable: true,
      ...extra,
    },
  }
}

const withName = (config: RunConfig, name: string, seed: number): RunConfig => ({ ...config, name, seed })

/** The three demo runs, and one run in each of the other states. */
export function demoRuns(): FakeRun[] {
  const [baseline, cotrained, shuffled] = DEMO_YAML.map(configOf) as [RunConfig, RunConfig, RunConfig]
  const wide = configOf(
    COTRAINED_YAML.replace('width: 0.25', 'width: 0.5').replace('demo co-trained', 'co-trained, wider'),
  )
  return [
    make({
      n: 1,
      config: baseline,
      status: 'finished',
      skill: 0.35,
      minutesAgo: 62,
      extra: { note: 'Reference for everything below.' },
    }),
    make({ n: 2, config: cotrained, status: 'finished', skill: 0.8, minutesAgo: 55, extra: { star: true } }),
    make({ n: 3, config: shuffled, status: 'finished', skill: 0.42, minutesAgo: 48 }),
    make({
      n: 4,
      config: withName(cotrained, 'co-trained, rate 0.1', 1000),
      status: 'failed',
      skill: 0.1,
      minutesAgo: 40,
      extra: {
        problem: {
          code: 'non-finite',
          path: 'trainer.config.optimizer_options.lr',
          message:
            'The v1 loss was not a number at step 118 of epoch 3; the weights before that step were kept.',
          hint: 'Lower the learning rate by ten, or set trainer.config.grad_clip to 1. Then start the run again from the editor.',
        },
      },
    }),
    make({
      n: 5,
      config: withName(cotrained, 'co-trained, long', 2000),
      status: 'interrupted',
      skill: 0.5,
      minutesAgo: 30,
    }),
    make({ n: 6, config: wide, status: 'running', skill: 0.7, minutesAgo: 2 }),
    make({
      n: 7,
      config: withName(wide, 'co-trained, wider', 2000),
      status: 'queued',
      skill: 0.7,
      minutesAgo: 1,
    }),
    make({
      n: 8,
      config: withName(wide, 'co-trained, wider', 3000),
      status: 'queued',
      skill: 0.7,
      minutesAgo: 1,
    }),
    make({
      n: 9,
      config: withName(shuffled, 'shuffled, wider', 2000),
      status: 'queued',
      skill: 0.4,
      minutesAgo: 0,
    }),
  ]
}

/** Many finished runs: conditions times seeds, as a sweep leaves them. */
export function manyRuns(count: number): FakeRun[] {
  const bases = DEMO_YAML.map(configOf)
  return Array.from({ length: count }, (_, i) => {
    const base = bases[i % 3] as RunConfig
    const ratio = [1, 2, 0.5, 0.2][Math.floor(i / 15) % 4] ?? 1
    const changes = { patience: 4 + (Math.floor(i / 15) % 7), lr_decay: 0.3 * ratio }
    const { trainer } = base
    if (trainer.fn !== 'cotrainer') throw new Error('the demos are co-trained')
    const config: RunConfig = {
      ...base,
      name: `${base.name.replace('demo ', '')}, patience ${4 + (Math.floor(i / 15) % 7)}`,
      seed: 1000 * (1 + (Math.floor(i / 3) % 5)),
      trainer: { ...trainer, config: { ...trainer.config, ...changes } },
    }
    const status: RunStatus = i % 41 === 40 ? 'failed' : i % 29 === 28 ? 'stopped' : 'finished'
    const skill = [0.35, 0.8, 0.42][i % 3] ?? 0.4
    return make({
      n: 100 + i,
      config,
      status,
      skill,
      minutesAgo: 30 + 7 * i,
      extra: { tags: i % 2 === 0 ? ['sweep'] : ['sweep', 'paper'] },
    })
  })
}

const ENVIRONMENT: RunDetail['environment'] & object = {
  app: '0.1.0',
  node: '20.20.2',
  backend: 'native',
  backendReason: 'TensorFlow 2.15 of the Python package was found and passed the smoke test.',
  tensorflow: '2.15.0',
  gpu: false,
  device: '/job:localhost/replica:0/task:0/device:CPU:0',
  cpu: 'AMD EPYC 7B13',
  threads: 2,
  os: 'Debian GNU/Linux 12, Linux 6.1',
  memoryBytes: 16 * 1024 ** 3,
  nondeterministic: [],
}

/** Newest first, as the service lists them. */
const CHECKPOINTS = [12, 11, 9, 4].map((epoch) => ({
  epoch,
  step: epoch * 938,
  best: epoch === 9 || epoch === 4,
  score: 90 + epoch / 10,
}))

export function detailOf(run: FakeRun, keys: readonly string[]): RunDetail {
  const { summary, config } = run
  const hasStarted = summary.startedAt !== null
  return {
    summary,
    config: config as unknown as RunDetail['config'],
    environment: hasStarted ? ENVIRONMENT : null,
    segments: hasStarted ? [{ segment: 1, at: summary.startedAt ?? 0, environment: ENVIRONMENT }] : [],
    progress: null,
    marks: hasStarted
      ? [
          { mark: 'best', step: 2800, epoch: 3, text: 'Best validation score so far' },
          { mark: 'lr-decay', step: 4600, epoch: 5, text: 'Learning rate times 0.3' },
          ...(summary.status === 'finished'
            ? [{ mark: 'best', step: 8400, epoch: 9, text: 'Best validation score' }]
            : []),
        ]
      : [],
    metricKeys: hasStarted ? [...keys] : [],
    checkpoints: summary.status === 'finished' ? CHECKPOINTS.map((c) => ({ ...c })) : [],
    files: hasStarted
      ? [
          { name: 'run.json', bytes: 6_120 },
          { name: 'events.jsonl', bytes: 2_418_033 },
          { name: 'checkpoints/epoch-9/model.safetensors', bytes: 18_912_344 },
          { name: 'result.json', bytes: 48_211 },
        ]
      : [],
    folder: `~/.local/share/cotrain/runs/${summary.shortId}`,
    command: 'npx cotrain run demo-cotrained.yaml',
    dataFingerprint: hasStarted ? `${summary.id.slice(20, 44)}` : null,
  }
}
