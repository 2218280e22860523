import { tensor, tensor4d } from '@tensorflow/tfjs-core'
import type { MtlOptions } from '../../src-main/engine/model/index.ts'
import { mtlVgg } from '../../src-main/engine/model/index.ts'
import { train as trainWith, UNFINISHED } from '../../src-main/engine/train/index.ts'
import type {
  Batch,
  Checkpoint,
  DataSet,
  Loader,
  Model,
  NamedArrays,
  TrainerEvent,
  TrainerSetup,
  TrainResult,
} from '../../src-main/engine/types.ts'
import type { PlainConfig } from '../../src-shared/schema/component.ts'
import type { TrainerChoice } from '../../src-shared/schema/registry.ts'
import { parseChoice } from '../../src-shared/schema/run-config.ts'
import type { Rng } from '../../src-shared/util/rng.ts'
import { createRng } from '../../src-shared/util/rng.ts'

/** A training problem of seconds: three classes of 8 x 8 images, and two sessions of units that see parts of them. */
export const SIDE = 8
const CLASSES = 3
export const UNITS = { a: 3, b: 2 } as const

type Session = keyof typeof UNITS

const PIXELS = SIDE * SIDE

interface Examples {
  readonly count: number
  /** [count, side, side, 1] */
  readonly pixels: Float32Array
  /** [count] or [count, units]. */
  readonly targets: Int32Array | Float32Array
  readonly width: number
  readonly labels?: Int32Array
}

/** An image of a class: a bright stripe at the place of the class, in noise. */
function image(label: number, rng: Rng): Float32Array {
  return Float32Array.from({ length: PIXELS }, (_, i) => {
    const row = Math.floor(i / SIDE)
    return rng.normal() * 0.5 + (Math.floor((row * CLASSES) / SIDE) === label ? 1.5 : 0)
  })
}

function images(count: number, name: string): Examples {
  const rng = createRng(5).fork(name)
  const targets = Int32Array.from({ length: count }, (_, i) => i % CLASSES)
  const pixels = new Float32Array(count * PIXELS)
  targets.forEach((label, i) => pixels.set(image(label, rng.fork(i)), i * PIXELS))
  return { count, pixels, targets, width: 0 }
}

/** Units respond to the brightness at a place of their own. */
function trials(count: number, session: Session, name: string, withLabels: boolean): Examples {
  const { pixels, targets: labels } = images(count, `${session} ${name}`)
  const units = UNITS[session]
  const targets = Float32Array.from({ length: count * units }, (_, k) => {
    const [image, unit] = [Math.floor(k / units), k % units]
    const at = image * PIXELS + (2 + unit) * SIDE + 3
    const around = [at - 1, at, at + 1, at + SIDE].map((i) => pixels[i] as number)
    return Math.max(0, 1 + around.reduce((sum, v) => sum + v, 0) / around.length)
  })
  return { count, pixels, targets, width: units, ...(withLabels ? { labels: labels as Int32Array } : {}) }
}

interface LoaderOptions {
  readonly batch: number
  readonly shuffle?: boolean
  /** The second half of each batch shows the same images with noise. */
  readonly paired?: boolean
}

/** Loader over examples; a shuffled one also jitters the images, so that its stream matters. */
function loaderOf(
  key: string,
  examples: Examples,
  { batch, shuffle = false, paired = false }: LoaderOptions,
): Loader {
  const { count, pixels, targets, width, labels } = examples
  const batches = Math.ceil(count / batch)
  const batchOf = (rows: Uint32Array, rng: Rng): Batch => {
    const views = paired ? [0, 1] : [0]
    const values = views.flatMap((view) =>
      [...rows].flatMap((r) => {
        const draw = rng.fork(view).fork(r)
        return [...pixels.subarray(r * PIXELS, (r + 1) * PIXELS)].map((v) =>
          shuffle ? v + 0.05 * draw.normal() : v,
        )
      }),
    )
    const wide = Math.max(1, width)
    const chosen = [...rows].flatMap((r) => [...targets.subarray(r * wide, (r + 1) * wide)])
    return {
      inputs: tensor4d(values, [rows.length * views.length, SIDE, SIDE, 1]),
      targets: tensor(
        chosen,
        width === 0 ? [rows.length] : [rows.length, width],
        width === 0 ? 'int32' : 'float32',
      ),
      index: Int32Array.from(rows),
      ...(labels === undefined
        ? {}
        : {
            labels: tensor(
              [...rows].map((r) => labels[r] as number),
              [rows.length],
              'int32',
            ),
          }),
    }
  }
  return {
    key,
    batches,
    size: count,
    async *epoch(rng) {
      const order = shuffle
        ? rng.fork('order').permutation(count)
        : Uint32Array.from({ length: count }, (_, i) => i)
      for (let b = 0; b < batches; b++) yield batchOf(order.subarray(b * batch, (b + 1) * batch), rng.fork(b))
    },
  }
}

export interface SmallDataOptions {
  readonly validationBatch?: number
  /** Trials carry class labels. */
  readonly labels?: boolean
  readonly pairedViews?: boolean
  readonly tasks?: readonly ('v1' | 'img_classification')[]
  /** Images of the training set and of one batch. */
  readonly images?: { readonly count: number; readonly batch: number }
}

const IMAGES = 'img_classification'

export function smallData(o: SmallDataOptions = {}): DataSet {
  const { validationBatch = 8, labels = false, pairedViews = false, tasks = ['v1', IMAGES] } = o
  const trained = o.images ?? { count: 40, batch: 8 }
  const neural = (name: string, count: number, options: LoaderOptions) =>
    new Map((['a', 'b'] as const).map((s) => [s, loaderOf(s, trials(count, s, name, labels), options)]))
  const classes = (name: string, count: number, options: LoaderOptions) =>
    new Map([[IMAGES, loaderOf(IMAGES, images(count, name), options)]])
  const set = (name: string, trialCount: number, imageCount: number, options: LoaderOptions) => ({
    ...(tasks.includes('v1') ? { v1: neural(name, trialCount, options) } : {}),
    ...(tasks.includes(IMAGES)
      ? { [IMAGES]: classes(name, imageCount, { ...options, paired: pairedViews && name === 'train' }) }
      : {}),
  })
  return {
    train: set('train', 16, trained.count, { batch: trained.batch, shuffle: true }),
    validation: set('validation', 12, 21, { batch: validationBatch }),
    test: set('test', 12, 21, { batch: 8 }),
    conditions: new Map(),
    sessions: new Map(),
    classNames: ['low', 'middle', 'high'],
    normalisation: { mean: [0.4], std: [0.5] },
    waited: () => 0,
  }
}

const MODEL: MtlOptions = {
  backbone: { layout: [4, 'M', 6, 'M'], batchNorm: true },
  classification: { kind: 'dense', hidden: 0, dropout: 0 },
  classes: CLASSES,
  v1Layer: 3,
  v4Layer: 0,
  fineTune: true,
  initMuRange: 0.3,
  initSigmaRange: 0.2,
  readoutBias: true,
  biasInit: 'training_set',
  finalBatchNorm: false,
  gammaReadout: 0.02,
  eluOffset: 0,
  dropout: { shared: 0, unshared: 0 },
  aliases: {},
}

export function smallModel(options: Partial<MtlOptions> = {}): Model {
  const image = { height: SIDE, width: SIDE, channels: 1 }
  return mtlVgg(
    { ...MODEL, ...options },
    {
      inputs: { img_classification: image, v1: image },
      sessions: [
        { area: 'v1', key: 'a', units: UNITS.a, meanResponse: [1, 1, 1] },
        { area: 'v1', key: 'b', units: UNITS.b, meanResponse: [1, 1] },
      ],
      classes: CLASSES,
    },
  )
}

/** A co-trained run of two epochs, SGD with momentum. */
export const SMALL_CONFIG: PlainConfig = {
  loss_functions: { v1: 'PoissonLoss', img_classification: 'CrossEntropyLoss' },
  to_monitor: ['img_classification'],
  scale_loss: false,
  avg_loss: true,
  train_cycler: 'MTL_Cycler',
  optimizer: 'SGD',
  optimizer_options: { lr: 0.05, momentum: 0.75, weight_decay: 0.0005 },
  max_iter: 2,
}

export function resolvedTrainer(fn: string, config: PlainConfig): TrainerChoice {
  const parsed = parseChoice('trainer', fn, config, 'trainer')
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => `${p.path}: ${p.message}`).join('; '))
  return parsed.value
}

export interface SmallRun {
  readonly fn?: string
  readonly config?: PlainConfig
  readonly model?: Model
  readonly data?: DataSet
  readonly seed?: number
  readonly start?: NamedArrays | null
  readonly checkpoint?: Checkpoint | null
  readonly stopRequest?: TrainerSetup['stopRequest']
  readonly readEachBatch?: boolean
  readonly onEvent?: (event: TrainerEvent) => void
}

export interface SmallOutcome {
  readonly result: TrainResult
  readonly events: readonly TrainerEvent[]
  /** As a store would give it back: the state went through JSON. */
  readonly last: Checkpoint
}

/** Trains to the end (or to the stop) and keeps everything that happened. */
export async function train(run: SmallRun = {}): Promise<SmallOutcome> {
  const fn = run.fn ?? 'cotrainer'
  const steps = trainWith({
    data: run.data ?? smallData(),
    model: run.model ?? smallModel(),
    trainer: resolvedTrainer(
      fn,
      run.fn === undefined ? { ...SMALL_CONFIG, ...run.config } : (run.config ?? {}),
    ),
    seed: run.seed ?? 1,
    start: run.start ?? null,
    checkpoint: run.checkpoint ?? null,
    now: () => 0,
    stopRequest: run.stopRequest ?? (() => 'no'),
    ...(run.readEachBatch === undefined ? {} : { readEachBatch: run.readEachBatch }),
  })
  const events: TrainerEvent[] = []
  let last: Checkpoint | null = run.checkpoint ?? null
  try {
    for (;;) {
      const { done, value } = await steps.next()
      if (done === true) {
        // A run that diverges at once has none.
        if (last === null && value.end.reason !== 'non-finite') throw new Error('no checkpoint was made')
        return { result: value, events, last: last ?? { arrays: new Map(), state: {} } }
      }
      events.push(value)
      run.onEvent?.(value)
      if (value.kind === 'checkpoint') {
        const { arrays, state } = value.checkpoint
        last = { arrays, state: JSON.parse(JSON.stringify(state)) as Checkpoint['state'] }
      }
    }
  } finally {
    await steps.return(UNFINISHED)
  }
}

type Kind<K extends TrainerEvent['kind']> = Extract<TrainerEvent, { kind: K }>

export const eventsOf = <K extends TrainerEvent['kind']>(
  events: readonly TrainerEvent[],
  kind: K,
): readonly Kind<K>[] => events.filter((event): event is Kind<K> => event.kind === kind)

/** Curve points without the speed, as a store keeps them: a point of a later process overrules that of an earlier one at the same step. */
export function curves(...segments: readonly (readonly TrainerEvent[])[]): Record<string, number> {
  const out: Record<string, number> = {}
  for (const events of segments) {
    for (const { step, epoch, values } of eventsOf(events, 'metrics')) {
      for (const [key, value] of Object.entries(values))
        if (!key.startsWith('Throughput/')) out[`${key} @ step ${step}, epoch ${epoch}`] = value
    }
  }
  return out
}

/** Names of the tensors that differ in any bit (or in presence). */
export function differing(a: NamedArrays, b: NamedArrays): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => {
    const [x, y] = [a.get(name), b.get(name)]
    if (x === undefined || y === undefined) return true
    return Buffer.compare(bytesOf(x.data), bytesOf(y.data)) !== 0
  })
}

const bytesOf = (data: ArrayBufferView): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength)
