import { corruptionKey } from '../../src-shared/contract/metrics.ts'
import type { RunEvent } from '../../src-shared/contract/run.ts'
import type { RunConfig } from '../../src-shared/schema/run-config.ts'
import type { Rng } from '../../src-shared/util/rng.ts'
import { createRng } from '../../src-shared/util/rng.ts'
import type { NamedArray, NamedArrays } from '../../src-main/engine/types.ts'
import { writeSafetensors } from '../../src-main/io/formats/tensors/safetensors.ts'
import { identify } from '../../src-main/runs/workers/run-identity.ts'
import type { RunQueue } from '../../src-main/runs/queue/run-queue.ts'
import { openEventWriter } from '../../src-main/store/history/event-writer.ts'
import { writeResult } from '../../src-main/store/files/run-folder.ts'
import type { RunIdentityRecord, RunRecord } from '../../src-main/store/files/run-record.ts'
import { RECORD_FORMAT } from '../../src-main/store/files/run-record.ts'
import type { RunStore } from '../../src-main/store/run-store.ts'

/** A run as if it had been trained: its folder has all that a worker leaves, with made-up numbers. */
export interface MadeRun {
  readonly config: RunConfig
  /** 0 (bad) to 1 (good): scores and curves follow. */
  readonly skill: number
  /** Optimizer steps with a line in the log; validation and learning rate come with the end of each epoch. */
  readonly points?: number
  /** Keys logged at every step beside the usual ones. */
  readonly moreKeys?: readonly string[]
  readonly minutesAgo?: number
}

const INGREDIENTS = { data: 'made-up', weightsFile: null, repetition: 0 }
const EPOCHS = 12
const MINUTE = 60_000
const STEP_MS = 40
const CORRUPTIONS = ['gaussian_noise', 'contrast', 'defocus_blur', 'jpeg_compression']
const SEVERITIES = [1, 2, 3, 4, 5]
const UNITS = 60
const CLASSES = 10

/** Writes the folder of a finished run and returns its id. The same wish always gives the same numbers. */
export async function makeFinishedRun(store: RunStore, wish: MadeRun): Promise<string> {
  const { config, minutesAgo = 10, points = 240 } = wish
  const { id, identity } = identify(config, INGREDIENTS)
  const startedAt = store.now() - minutesAgo * MINUTE
  const rng = createRng(config.seed).fork(config.name)
  const scores = scoresOf(wish, rng.fork('scores'))
  const record: RunRecord = {
    ...blankRecord(store, config, id, identity),
    status: 'finished',
    createdAt: startedAt - 5_000,
    startedAt,
    endedAt: startedAt + points * STEP_MS,
    seconds: (points * STEP_MS) / 1000,
    segment: 1,
    epoch: EPOCHS,
    epochs: EPOCHS,
    step: points,
    scores,
  }
  await store.create(record)
  const files = store.files(id)
  const latest = writeEvents(files.events, wish, startedAt, rng.fork('curves'))
  await writeSafetensors(files.arrays, arraysOf(wish, rng.fork('arrays')), { run: id })
  const classNames = Array.from({ length: CLASSES }, (_, i) => String(i))
  await writeResult(store.disk, files.folder, {
    format: RECORD_FORMAT,
    id,
    scores,
    end: null,
    classNames,
    units: {},
  })
  await store.write({ ...record, latest })
  return id
}

/** A run that waits in the queue. */
export async function makeWaitingRun(store: RunStore, queue: RunQueue, config: RunConfig): Promise<string> {
  const { id, identity } = identify(config, INGREDIENTS)
  await store.create(blankRecord(store, config, id, identity))
  await queue.add(id, 'new')
  return id
}

const blankRecord = (
  store: RunStore,
  config: RunConfig,
  id: string,
  identity: RunIdentityRecord,
): RunRecord => ({
  format: RECORD_FORMAT,
  id,
  name: config.name,
  config,
  identity,
  parent: null,
  folder: store.layout.home,
  status: 'queued',
  reason: '',
  problem: null,
  end: null,
  createdAt: store.now(),
  startedAt: null,
  endedAt: null,
  seconds: 0,
  segment: 0,
  epoch: 0,
  epochs: 0,
  step: 0,
  latest: {},
  scores: {},
  environment: null,
})

const isNeural = (config: RunConfig): boolean => config.dataset.fn !== 'img_loader'

function scoresOf({ config, skill }: MadeRun, rng: Rng): Record<string, number> {
  const accuracy = 92 + 6 * skill + 0.3 * rng.normal()
  const corrupted = CORRUPTIONS.flatMap((name, i) =>
    SEVERITIES.map((severity) => [
      corruptionKey('fly_c_test', name, severity),
      accuracy - (14 - 7 * skill + 2 * i) * severity * 0.8 + rng.normal(),
    ]),
  )
  const v1 = 0.3 + 0.25 * skill + 0.005 * rng.normal()
  return {
    'FinalTest/img_classification/eval': accuracy,
    'FinalTest/img_classification/loss': 0.31 - 0.2 * skill,
    ...(isNeural(config)
      ? {
          'FinalTest/v1/eval': v1,
          'FinalTest/v1/avg_correlation': v1 * 1.4,
          'FinalTest/v1/ceiling_fraction': v1 * 1.6,
        }
      : {}),
    ...Object.fromEntries(corrupted),
  }
}

/** Losses that fall, scores that rise, both with noise; returns the last value of every key. */
function writeEvents(path: string, wish: MadeRun, startedAt: number, rng: Rng): Record<string, number> {
  const { config, skill, points = 240, moreKeys = [] } = wish
  const tasks = isNeural(config) ? ['img_classification', 'v1'] : ['img_classification']
  const perEpoch = Math.max(1, Math.ceil(points / EPOCHS))
  const writer = openEventWriter(path)
  let latest: Record<string, number> = {}
  let at = startedAt
  const add = (event: Record<string, unknown>): void =>
    writer.add({ ...event, segment: 1, at } as unknown as RunEvent)
  add({ kind: 'status', status: 'running' })
  add({ kind: 'log', level: 'info', text: 'Backend native, made up for a test.' })
  for (let step = 1; step <= points; step++) {
    at += STEP_MS
    const done = step / points
    const fall = Math.exp(-(3 + 3 * skill) * done)
    const values: Record<string, number> = {}
    for (const task of tasks)
      values[`Training/${task}/loss`] = (0.12 + 2.2 * fall) * (1 + 0.12 * rng.normal())
    for (const [i, key] of moreKeys.entries()) values[key] = Math.sin(done * 6 + i) + 0.2 * rng.normal()
    if (step % perEpoch === 0 || step === points)
      Object.assign(values, endOfEpoch(tasks, skill, fall, done, rng))
    add({ kind: 'metrics', step, epoch: done * EPOCHS, images: step * 64, values })
    latest = { ...latest, ...values }
    if (step === Math.ceil(points * 0.75))
      add({ kind: 'mark', mark: 'lr-decay', step, epoch: done * EPOCHS, text: 'learning rate times 0.3' })
  }
  add({ kind: 'mark', mark: 'best', step: points, epoch: EPOCHS, text: 'best validation score' })
  add({ kind: 'status', status: 'finished' })
  writer.close()
  return latest
}

function endOfEpoch(
  tasks: readonly string[],
  skill: number,
  fall: number,
  done: number,
  rng: Rng,
): Record<string, number> {
  const scores = tasks.map((task) => [
    `Validation/${task}/eval`,
    task === 'v1'
      ? (0.28 + 0.25 * skill) * (1 - fall)
      : (91 + 7 * skill) * (1 - 0.8 * fall) + 0.3 * rng.normal(),
  ])
  return { ...(Object.fromEntries(scores) as Record<string, number>), LR: done > 0.75 ? 0.0009 : 0.003 }
}

function arraysOf({ config, skill }: MadeRun, rng: Rng): NamedArrays {
  const confusion = Float32Array.from({ length: CLASSES * CLASSES }, (_, i) =>
    i % (CLASSES + 1) === 0 ? 90 + rng.int(10) : rng.int(3),
  )
  const arrays = new Map<string, NamedArray>([
    ['confusion', { shape: [CLASSES, CLASSES], dtype: 'float32', data: confusion }],
  ])
  if (!isNeural(config)) return arrays
  const column = (value: () => number): NamedArray => ({
    shape: [UNITS],
    dtype: 'float32',
    data: Float32Array.from({ length: UNITS }, value),
  })
  const ceiling = column(() => 0.5 + 0.4 * rng.uniform())
  arrays.set('neurons/v1/session-1/ceiling', ceiling)
  arrays.set(
    'neurons/v1/session-1/avg_correlation',
    column(() => 0.3 + 0.4 * skill + 0.1 * rng.normal()),
  )
  arrays.set(
    'neurons/v1/session-1/correlation',
    column(() => 0.2 + 0.25 * skill + 0.08 * rng.normal()),
  )
  arrays.set(
    'neurons/v1/session-1/mu_x',
    column(() => rng.uniform() - 0.5),
  )
  arrays.set(
    'neurons/v1/session-1/mu_y',
    column(() => rng.uniform() - 0.5),
  )
  return arrays
}
