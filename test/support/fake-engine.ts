import { existsSync, writeFileSync } from 'node:fs'
import type { DataSet, Model, NamedArrays, Train } from '../../src-main/engine/types.ts'
import { UNFINISHED } from '../../src-main/engine/train/unfinished.ts'
import type { DataDescription, EngineParts } from '../../src-main/runs/workers/engine-parts.ts'
import { createRng } from '../../src-shared/util/rng.ts'

/**
 * An engine that counts instead of training: every step draws from its seed and the step, so a resumed run must end
 * with the very numbers of an uninterrupted one. Steered by environment variables, because it also runs in worker processes.
 */
const env = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise)

export const STEPS_PER_EPOCH = 20
const WIDTH = 64

/** The words of TensorFlow 2.21 on a processor, asked for the outer product of two vectors of a million. */
export const OUT_OF_MEMORY = `Invalid TF_Status: 8
Message: OOM when allocating tensor with shape[1048576,1048576] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator mklcpu`

/** Whether a fault comes now: each time, or once for the file that is named. */
function isFirstTime(): boolean {
  const path = process.env['FAKE_ONCE']
  if (path === undefined) return true
  if (existsSync(path)) return false
  writeFileSync(path, '')
  return true
}

const train: Train = async function* (setup) {
  const epochs = env('FAKE_EPOCHS', 4)
  const stepMs = env('FAKE_STEP_MS', 0)
  const failAt = env('FAKE_FAIL_AT', -1)
  const crashAt = env('FAKE_CRASH_AT', -1)
  const lostAt = env('FAKE_DEVICE_LOST_AT', -1)
  const fullAt = env('FAKE_MEMORY_FULL_AT', -1)
  const rng = createRng(setup.seed)
  const saved = setup.checkpoint
  const weights = Float32Array.from(
    saved?.arrays.get('param/w')?.data ?? setup.start?.get('w')?.data ?? new Float32Array(WIDTH),
  )
  let step = saved === null ? 0 : (saved.state['step'] as number)
  const arrays = (): NamedArrays =>
    new Map([['w', { shape: [WIDTH], dtype: 'float32', data: weights.slice() }]])
  const state = { best: Number.NEGATIVE_INFINITY }
  const score = (): number => weights.reduce((a, b) => a + b, 0)
  const checkpoint = (epoch: number) =>
    ({
      kind: 'checkpoint',
      checkpoint: {
        arrays: new Map([...arrays()].map(([name, array]) => [`param/${name}`, array])),
        state: { step, ...state },
      },
      epoch,
      score: score(),
      best: epoch === 1,
    }) as const

  while (step < epochs * STEPS_PER_EPOCH) {
    const epoch = Math.floor(step / STEPS_PER_EPOCH) + 1
    if (setup.stopRequest() === 'now') {
      yield checkpoint(epoch)
      return UNFINISHED
    }
    step++
    const draw = rng.fork(step)
    for (let i = 0; i < WIDTH; i++) weights[i] = (weights[i] as number) * 0.99 + draw.normal()
    if (step === failAt) throw new Error('loss is NaN')
    if (step === crashAt && isFirstTime()) {
      // As the kernel does it to native code that went wrong.
      process.kill(process.pid, process.env['FAKE_SIGNAL'] ?? 'SIGABRT')
    }
    if (step === lostAt && isFirstTime()) throw new Error('CUDA_ERROR_DEVICE_LOST: the device was lost')
    if (step === fullAt) throw new Error(OUT_OF_MEMORY)
    // The values of a step come before its end, as in the trainers.
    if (step % 5 === 0)
      yield {
        kind: 'metrics',
        step,
        epoch: step / STEPS_PER_EPOCH,
        images: step * 8,
        values: { 'Training/v1/loss': score() },
      }
    const stepOfEpoch = (step - 1) % STEPS_PER_EPOCH
    yield {
      kind: 'progress',
      phase: 'training',
      detail: `epoch ${epoch}`,
      epoch,
      epochs,
      step,
      stepOfEpoch,
      stepsPerEpoch: STEPS_PER_EPOCH,
      fraction: step / (epochs * STEPS_PER_EPOCH),
      imagesPerSecond: 1000,
      secondsLeft: 1,
      loaderWait: 0,
    }
    if (stepMs > 0) await new Promise((resolve) => setTimeout(resolve, stepMs))
    if (step % STEPS_PER_EPOCH !== 0) continue
    const values = { 'Validation/img_classification/eval': 50 + epoch, 'Validation/v1/loss': Number.NaN }
    yield { kind: 'metrics', step, epoch, images: step * 8, values }
    yield checkpoint(epoch)
    if (setup.stopRequest() !== 'no') return UNFINISHED
  }
  const neurons = new Float32Array(8).map((_, i) => 0.1 * i + 0.001 * setup.seed)
  return {
    end: { reason: 'epochs', scoredEpoch: epochs, divergence: null, untrained: [] },
    scores: { 'FinalTest/img_classification/eval': 90 + score() / 100, 'FinalTest/v1/eval': 0.5 },
    arrays: new Map([
      ['neurons/v1/session-1/avg_correlation', { shape: [8], dtype: 'float32', data: neurons }],
      ['neurons/v1/session-1/ceiling', { shape: [8], dtype: 'float32', data: new Float32Array(8).fill(0.9) }],
      ['confusion', { shape: [2, 2], dtype: 'int32', data: Int32Array.of(5, 1, 2, 6) }],
    ]),
    weights: arrays(),
  }
}

const empty = { train: {}, validation: {}, test: {}, conditions: new Map(), sessions: new Map() }

export const fakeData: DataSet = { ...empty, classNames: ['cat', 'dog'], waited: () => 0 }

const model: Model = {
  specs: [
    {
      name: 'w',
      shape: [WIDTH],
      init: { kind: 'constant', value: 0 },
      kind: 'parameter',
      role: 'weight',
      block: 'core',
      frozen: false,
      torch: { name: 'w', layout: { kind: 'same' } },
    },
  ],
  layers: [],
  ranges: new Map(),
  apply: () => {
    throw new Error('the counting engine has no forward pass')
  },
  penalty: () => {
    throw new Error('the counting engine has no penalty')
  },
}

export const fakeDescription: DataDescription = {
  fingerprint: 'f'.repeat(64),
  items: [{ name: 'counting', present: true, detail: 'no files' }],
  problems: [],
  shapes: {
    inputs: { img_classification: { height: 32, width: 32, channels: 1 } },
    sessions: [],
    classes: 10,
    sizes: {
      train: { img_classification: { img_classification: 4 } },
      scored: { img_classification: ['img_classification'] },
      tested: { img_classification: ['img_classification'] },
    },
  },
}

export const fakeEngine: EngineParts = {
  loadBackend: () =>
    Promise.resolve({ name: 'cpu', reason: 'counts', tfVersion: '', gpu: false, threads: 1 }),
  describeData: () => Promise.resolve(fakeDescription),
  buildData: async (_choice, _seed, _folder, report) => {
    report('counting', 0.5)
    await new Promise((resolve) => setTimeout(resolve, env('FAKE_DATA_MS', 0)))
    return { data: fakeData, shapes: { inputs: {}, sessions: [], classes: 2 }, dispose: () => undefined }
  },
  buildModel: () => model,
  train,
}
