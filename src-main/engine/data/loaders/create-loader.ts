import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { tensor1d, tensor2d, tensor4d } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { Batch, Loader, TrialColumns } from '../../types.ts'
import type { InputSource } from './input-source.ts'

/** Examples of a loader: which image each shows and what it teaches. */
export interface Examples {
  readonly length: number
  /** [examples] position of the image in the input source. */
  readonly image: Int32Array
  /** [examples] what a batch reports as `index`, where that is not the position. */
  readonly index?: Int32Array
  /** int32 [n] or float32 [n, units] of the chosen examples. */
  targets(chosen: Int32Array): Tensor
  /** int32 [n] classes of neural examples that carry them. */
  labels?(chosen: Int32Array): Tensor
  /** float32 [n, k] behaviour and [n, 2] eye positions of the chosen examples. */
  behavior?(chosen: Int32Array): Tensor2D
  pupil?(chosen: Int32Array): Tensor2D
}

export interface LoaderOptions {
  readonly key: string
  readonly stream?: string
  readonly batchSize: number
  readonly shuffle: boolean
  /** Noise and augmentation: drawn anew in each pass, or the same in every pass of every run with this data seed. */
  readonly noise: { readonly kind: 'each-pass' | 'fixed'; readonly seed: number }
  /** Each drawn example appears this often in a row. */
  readonly repeats?: number
  /** First example of each batch where examples must stay together; only without shuffling. */
  readonly starts?: Int32Array
  readonly clock: WaitClock
}

/** Counts how long the consumer waited. */
export interface WaitClock {
  now(): number
  add(milliseconds: number): void
}

/** Batches of examples in a fixed or fresh random order; the last short batch is kept. */
export function createLoader(examples: Examples, inputs: InputSource, options: LoaderOptions): Loader {
  const { key, stream, batchSize, repeats = 1 } = options
  const size = examples.length * repeats
  const starts = options.starts ?? evenStarts(size, batchSize)
  return {
    key,
    ...(stream !== undefined && { stream }),
    size,
    batches: starts.length,
    epoch: (rng) => batchesOf(examples, inputs, { ...options, repeats, starts }, rng),
  }
}

function evenStarts(size: number, batchSize: number): Int32Array {
  return Int32Array.from({ length: Math.ceil(size / batchSize) }, (_, i) => i * batchSize)
}

type Resolved = LoaderOptions & { readonly repeats: number; readonly starts: Int32Array }

/** Keys of random streams are whole numbers that a double holds exactly. */
const STREAMS = 2 ** 53

async function* batchesOf(
  examples: Examples,
  inputs: InputSource,
  options: Resolved,
  rng: Rng,
): AsyncGenerator<Batch> {
  const order = orderOf(examples.length, options, rng)
  const stream =
    options.noise.kind === 'fixed' ? options.noise.seed : Math.floor(rng.fork('samples').uniform() * STREAMS)
  const plan = (at: number) => {
    const chosen = order.subarray(options.starts[at], options.starts[at + 1] ?? order.length)
    const positions = chosen.map((example) => examples.image[example]!)
    const draws = chosen.map((_, i) => (options.starts[at]! + i) % options.repeats)
    const pending = inputs.prepare({ positions, draws, stream })
    if (pending instanceof Promise) pending.catch(() => undefined) // told to whoever asks for this batch; nobody may
    return { chosen, positions, inputs: pending }
  }
  const waiting: ReturnType<typeof plan>[] = []
  let next = 0
  for (let at = 0; at < options.starts.length; at++) {
    const since = options.clock.now()
    while (next <= Math.min(at + inputs.ahead, options.starts.length - 1)) waiting.push(plan(next++))
    const { chosen, positions, inputs: pending } = waiting.shift()! // the loop above put it there
    const values = pending instanceof Float32Array ? pending : await pending
    options.clock.add(options.clock.now() - since)
    yield batchOf(values, chosen, positions, examples, inputs)
  }
}

function batchOf(
  values: Float32Array,
  chosen: Int32Array,
  positions: Int32Array,
  examples: Examples,
  inputs: InputSource,
): Batch {
  const { height, width, channels } = inputs.shape
  return {
    inputs: tensor4d(values, [inputs.views * chosen.length, height, width, channels]),
    targets: examples.targets(chosen),
    ...(examples.labels && { labels: examples.labels(chosen) }),
    ...(examples.behavior && { behavior: examples.behavior(chosen) }),
    ...(examples.pupil && { pupil: examples.pupil(chosen) }),
    index: examples.index === undefined ? positions : chosen.map((i) => examples.index?.[i] ?? 0),
  }
}

function orderOf(length: number, options: Resolved, rng: Rng): Int32Array {
  const once = options.shuffle
    ? Int32Array.from(rng.fork('order').permutation(length))
    : Int32Array.from({ length }, (_, i) => i)
  if (options.repeats === 1) return once
  return Int32Array.from(
    { length: length * options.repeats },
    (_, i) => once[Math.floor(i / options.repeats)]!,
  )
}

/** Images at `positions` with their labels. */
export function labelledExamples(positions: Int32Array, labels: Int32Array, index?: Int32Array): Examples {
  return {
    ...(index && { index }),
    length: positions.length,
    image: positions,
    targets: (chosen) =>
      tensor1d(
        chosen.map((i) => labels[positions[i]!]!),
        'int32',
      ),
  }
}

/** What the trials of a session teach. */
export interface TrialTable {
  /** [all trials] position of the image shown. */
  readonly imageIndex: Int32Array
  /** [all trials, units] */
  readonly responses: Float32Array
  readonly units: number
  /** [images] classes, where the trials carry them. */
  readonly labels?: Int32Array
  /** Already scaled. */
  readonly behavior?: TrialColumns
  readonly pupil?: TrialColumns
}

/** Chosen trials of a session with the responses of all its units, and what else was measured. */
export function trialExamples(
  trials: Int32Array,
  { imageIndex, responses, units, labels, behavior, pupil }: TrialTable,
): Examples {
  const rows =
    (values: Float32Array, width: number) =>
    (chosen: Int32Array): Tensor2D => {
      const out = new Float32Array(chosen.length * width)
      chosen.forEach((i, row) => {
        const trial = trials[i]!
        out.set(values.subarray(trial * width, (trial + 1) * width), row * width)
      })
      return tensor2d(out, [chosen.length, width])
    }
  const image = trials.map((t) => imageIndex[t]!)
  return {
    length: trials.length,
    image,
    targets: rows(responses, units),
    ...(behavior && { behavior: rows(behavior.values, behavior.names.length) }),
    ...(pupil && { pupil: rows(pupil.values, pupil.names.length) }),
    ...(labels && {
      labels: (chosen: Int32Array) =>
        tensor1d(
          chosen.map((i) => labels[image[i]!]!),
          'int32',
        ),
    }),
  }
}

/** Sorts trials by image and ends batches only between images, so that repeats stay together. */
export function groupRepeats(
  trials: Int32Array,
  imageIndex: Int32Array,
  batchSize: number,
): { readonly trials: Int32Array; readonly starts: Int32Array } {
  const image = (t: number): number => imageIndex[t]!
  const sorted = Int32Array.from(Array.from(trials).sort((a, b) => image(a) - image(b) || a - b))
  const starts: number[] = []
  let begin = 0
  for (let group = 0; group < sorted.length;) {
    let end = group + 1
    while (end < sorted.length && image(sorted[end]!) === image(sorted[group]!)) end++
    if (starts.length === 0 || end - begin > batchSize) {
      begin = group
      starts.push(group)
    }
    group = end
  }
  return { trials: sorted, starts: Int32Array.from(starts) }
}
