import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { framed } from './record-file.ts'
import type { TrackedRun } from './tracked-run.ts'
import { histogramOf } from './unit-histogram.ts'

/**
 * An event file of TensorBoard: curves and final scores as scalars, unit scores as histograms, config and notes as text,
 * options as hyper-parameters. The numbers of the fields are those of tensorflow/core/util/event.proto,
 * tensorflow/core/framework/summary.proto and tensorboard/plugins/hparams/plugin_data.proto.
 */
export function* tensorboardEvents(run: TrackedRun): Generator<Uint8Array> {
  yield fileVersion(run.startedAt)
  yield* givenEvents(run)
  let last = 0
  for (const { key, points } of run.curves)
    for (const point of points) {
      last = Math.max(last, point.step)
      yield pointEvent(key, point)
    }
  yield* endEvents(run, last)
}

/** The first event of each file. */
export const fileVersion = (at: number): Uint8Array =>
  event({ at, step: 0 }, (w) => w.tag(3, LEN).string('brain.Event:2'))

/** What was written before of this step and later ones is void: SessionLog 7, status 1 is START 1. */
export const goesOnAt = (at: number, step: number): Uint8Array =>
  event({ at, step }, (w) => message(w, 7, (log) => log.tag(1, WireType.Varint).int32(1)))

/** What a run was given. */
export function* givenEvents(run: TrackedRun): Generator<Uint8Array> {
  yield summary(run.startedAt, 0, '_hparams_/session_start_info', hparams(sessionStart(run)))
  yield summary(run.startedAt, 0, 'config', text(`\`\`\`yaml\n${run.config}\n\`\`\``))
  if (run.notes !== '') yield summary(run.startedAt, 0, 'notes', text(run.notes))
}

/** One number of a curve; `at` in milliseconds since 1970. */
export const pointEvent = (
  key: string,
  { at, step, value }: { readonly at: number; readonly step: number; readonly value: number },
): Uint8Array => summary(at, step, key, scalar(value))

/** What a run ended with; `last`: its last step. */
export function* endEvents(run: TrackedRun, last: number): Generator<Uint8Array> {
  const end = run.endedAt ?? run.startedAt
  for (const [key, value] of run.scores) yield summary(end, last, `final/${key}`, scalar(value))
  for (const { name, values } of run.units) yield summary(end, last, `units/${name}`, histogram(values))
  if (run.endedAt !== null)
    yield summary(run.endedAt, last, '_hparams_/session_end_info', hparams(sessionEnd(run)))
}

/** Name of an event file; TensorBoard looks for `tfevents` in it and sorts files by it. `part`: of several of one run. */
export const eventFileName = ({ startedAt, id }: Pick<TrackedRun, 'startedAt' | 'id'>, part = 0): string =>
  `events.out.tfevents.${Math.floor(startedAt / 1000)}.cotrain.${id.slice(0, 10)}.${part}`

type Fill = (w: BinaryWriter) => BinaryWriter
const LEN = WireType.LengthDelimited
const DOUBLE = WireType.Bit64
const message = (w: BinaryWriter, field: number, fill: Fill): BinaryWriter =>
  fill(w.tag(field, LEN).fork()).join()

/** Event: wall_time 1, step 2. */
function event({ at, step }: { at: number; step: number }, fill: Fill): Uint8Array {
  const w = new BinaryWriter().tag(1, DOUBLE).double(at / 1000)
  return framed(fill(step === 0 ? w : w.tag(2, WireType.Varint).int64(step)).finish())
}

/** Event with summary 5, of one value 1: tag 1 and what `fill` adds. */
const summary = (at: number, step: number, tag: string, fill: Fill): Uint8Array =>
  event({ at, step }, (w) => message(w, 5, (s) => message(s, 1, (v) => fill(v.tag(1, LEN).string(tag)))))

/** Value: simple_value 2. */
const scalar =
  (value: number): Fill =>
  (w) =>
    w.tag(2, WireType.Bit32).float(value)

/** SummaryMetadata 9: plugin_data 1 of plugin_name 1 and content 2, data_class 4. */
const metadata = (w: BinaryWriter, plugin: string, content: Uint8Array | null, dataClass: number) =>
  message(w, 9, (m) => {
    message(m, 1, (p) => {
      p.tag(1, LEN).string(plugin)
      return content === null ? p : p.tag(2, LEN).bytes(content)
    })
    return dataClass === 0 ? m : m.tag(4, WireType.Varint).int32(dataClass)
  })

/** TensorProto 8: dtype 1, tensor_shape 2 of one dimension 2 of size 1. */
const oneValue = (w: BinaryWriter, dtype: number, fill: Fill): BinaryWriter =>
  message(w, 8, (t) => {
    t.tag(1, WireType.Varint).int32(dtype)
    message(t, 2, (shape) => message(shape, 2, (dim) => dim.tag(1, WireType.Varint).int64(1)))
    return fill(t)
  })

const [FLOAT, STRING] = [1, 7]
const TENSOR_CLASS = 2

/** Text in Markdown: string_val 8. */
const text =
  (words: string): Fill =>
  (w) =>
    metadata(
      oneValue(w, STRING, (t) => t.tag(8, LEN).string(words)),
      'text',
      null,
      TENSOR_CLASS,
    )

/** HistogramProto 5: min 1, max 2, num 3, sum 4, sum_squares 5, bucket_limit 6, bucket 7. */
const histogram =
  (values: Float64Array): Fill =>
  (w) => {
    const { min, max, count, sum, squares, limits, counts } = histogramOf(values)
    return message(w, 5, (h) => {
      for (const [i, value] of [min, max, count, sum, squares].entries()) h.tag(i + 1, DOUBLE).double(value)
      for (const [field, list] of [
        [6, limits],
        [7, counts],
      ] as const)
        message(h, field, (packed) => list.reduce((p, value) => p.double(value), packed))
      return h
    })
  }

/** HParamsPluginData: version 1 is 0; the session in the field of its kind. The tensor beside it says nothing. */
const hparams =
  (content: Uint8Array): Fill =>
  (w) =>
    metadata(
      oneValue(w, FLOAT, (t) => t.tag(5, LEN).fork().float(0).join()),
      'hparams',
      content,
      0,
    )

/** SessionStartInfo 3: hparams 1 (a map of google.protobuf.Value), group_name 4, start_time_secs 5. */
function sessionStart({ options, group, startedAt }: TrackedRun): Uint8Array {
  return message(new BinaryWriter(), 3, (s) => {
    for (const [path, value] of options)
      message(s, 1, (entry) => message(entry.tag(1, LEN).string(path), 2, (v) => protoValue(v, value)))
    return s
      .tag(4, LEN)
      .string(group)
      .tag(5, DOUBLE)
      .double(startedAt / 1000)
  }).finish()
}

/** Value: number_value 2, string_value 3, bool_value 4. */
function protoValue(w: BinaryWriter, value: boolean | number | string): BinaryWriter {
  if (typeof value === 'boolean') return w.tag(4, WireType.Varint).bool(value)
  return typeof value === 'number' ? w.tag(2, DOUBLE).double(value) : w.tag(3, LEN).string(value)
}

const STATUS: Readonly<Record<TrackedRun['status'], number>> = {
  finished: 1,
  failed: 2,
  stopped: 0,
  running: 3,
}

/** SessionEndInfo 4: status 1, end_time_secs 2. */
const sessionEnd = ({ status, endedAt }: TrackedRun): Uint8Array =>
  message(new BinaryWriter(), 4, (s) =>
    s
      .tag(1, WireType.Varint)
      .int32(STATUS[status])
      .tag(2, DOUBLE)
      .double((endedAt ?? 0) / 1000),
  ).finish()
