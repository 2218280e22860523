import { DEVICE_MEMORY, IMAGES_PER_SECOND, PROCESS_MEMORY } from '../../../src-shared/contract/metric-keys.ts'
import type { RunProgress, UnstampedRunEvent } from '../../../src-shared/contract/run.ts'
import type { WorkerNews } from '../../../src-shared/contract/worker.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import type { TrainerEvent } from '../../engine/types.ts'
import type { Retention } from '../../store/files/checkpoint-folder.ts'
import { RETENTION, saveCheckpoint } from '../../store/files/checkpoint-folder.ts'
import type { EventWriter } from '../../store/history/event-writer.ts'
import { writeLive } from '../../store/files/run-folder.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import { checkpointFiles } from '../weights/checkpoint-files.ts'

/** Progress goes to people at most four times a second, and to the folder once a second as sign of life. */
const NEWS_MS = 250
const LIVE_MS = 1_000
/** The record need not follow short epochs one by one. */
const RECORD_MS = 2_000

type Progress = Omit<RunProgress, 'memoryBytes' | 'at'>

/** Writes down what happens in a run: first to the folder, then to whoever listens. */
export interface RunRecorder {
  /** The record as last changed. */
  record(): RunRecord
  /** Changes the record and writes it. */
  change(change: Partial<RunRecord>): Promise<void>
  write(event: UnstampedRunEvent): void
  /** `always`: not held back for having come too soon after the last one. */
  progress(progress: Progress, always?: boolean): void
  /** Takes one event of the trainer; returns when it is kept. */
  take(event: TrainerEvent): Promise<void>
  /** From now on the memory of the card is a curve as well; bytes, null while not known. */
  watchDevice(memory: () => number | null): void
  seconds(): number
}

export interface RecorderOptions {
  readonly store: RunStore
  readonly record: RunRecord
  readonly events: EventWriter
  readonly news: (news: WorkerNews) => void
}

export function createRecorder({ store, record: first, events, news }: RecorderOptions): RunRecorder {
  const { folder, checkpoints } = store.files(first.id)
  const tell = progressTeller(folder, news)
  const [begun, base] = [store.now(), first.seconds]
  let record = first
  let lastRecord = 0
  let deviceMemory: () => number | null = () => null

  const seconds = (): number => base + (store.now() - begun) / 1000
  const write = (event: UnstampedRunEvent): void => {
    const stamped = { ...event, segment: record.segment, at: store.now() }
    events.add(stamped)
    news({ type: 'event', event: stamped })
  }
  const change = async (changed: Partial<RunRecord>): Promise<void> => {
    const next = { ...changed, seconds: seconds() }
    await store.write({ ...record, ...next })
    // Only now: a run whose end could not be written has not ended.
    ;[record, lastRecord] = [{ ...record, ...next }, store.now()]
  }
  const progress = (given: Progress, always = false): void => {
    record = { ...record, epochs: Math.max(record.epochs, given.epochs) }
    tell(given, store.now(), always)
  }
  const metrics = async (event: Extract<TrainerEvent, { kind: 'metrics' }>): Promise<void> => {
    const values = withMemory(finiteOrNull(event.values), deviceMemory)
    write({ ...event, values })
    const isNewEpoch = Math.floor(event.epoch) > Math.floor(record.epoch)
    const { step, epoch } = event
    record = { ...record, step: Math.max(step, record.step), epoch, latest: { ...record.latest, ...values } }
    if (isNewEpoch && store.now() - lastRecord >= RECORD_MS) {
      events.flush(true) // the record must not speak of numbers that a power loss takes
      await change({})
    }
  }
  const checkpoint = async (event: Extract<TrainerEvent, { kind: 'checkpoint' }>): Promise<void> => {
    events.flush(true)
    const step = stepOf(event, record.step)
    const { epoch, score, best } = event
    const files = checkpointFiles(event.checkpoint)
    const made = { step, epoch, score, best, at: store.now(), config: record.identity.config, files }
    saveCheckpoint(checkpoints, made, retentionOf(record))
    const text = `after epoch ${epoch}, step ${step}${best ? ', best so far' : ''}`
    write({ kind: 'mark', mark: 'checkpoint', step, epoch, text })
    await change({ step, epoch: Math.max(epoch, record.epoch) })
  }
  const take = async (event: TrainerEvent): Promise<void> => {
    switch (event.kind) {
      case 'progress':
        return progress(event)
      case 'metrics':
        return metrics(event)
      case 'checkpoint':
        return checkpoint(event)
      case 'mark':
      case 'log':
        return write(event)
    }
  }
  const watchDevice = (memory: () => number | null): void => void (deviceMemory = memory)
  return { record: () => record, change, write, progress, take, watchDevice, seconds }
}

/** Tells progress to people and writes the sign of life, each not more often than it is worth. */
function progressTeller(
  folder: string,
  news: RecorderOptions['news'],
): (given: Progress, at: number, always: boolean) => void {
  let lastNews = 0
  let lastLive = 0
  let lastPhase = ''
  return (given, at, always) => {
    const isNew = always || given.phase !== lastPhase
    lastPhase = given.phase
    if (!isNew && at - lastNews < NEWS_MS) return
    const full: RunProgress = { ...given, memoryBytes: process.memoryUsage.rss(), at }
    lastNews = at
    news({ type: 'progress', progress: full })
    if (!isNew && at - lastLive < LIVE_MS) return
    lastLive = at
    try {
      writeLive(folder, full)
    } catch {
      // Nothing is lost with a sign of life; a disk that stays full is told of by what must be kept.
    }
  }
}

/** What the config keeps; runs of earlier versions lack some of the options and keep what is usual. */
function retentionOf({ config }: RunRecord): Retention {
  const given: Partial<RunConfig['trainer']['config']['chkpt_options']> =
    config.trainer.config.chkpt_options ?? {}
  return {
    last: given.keep_last_n ?? RETENTION.last,
    best: given.keep_best_n ?? RETENTION.best,
    every: given.keep_every_n ?? RETENTION.every,
  }
}

/** The step that a checkpoint's own state names; readers cut later numbers of an overruled segment there. */
function stepOf(event: Extract<TrainerEvent, { kind: 'checkpoint' }>, fallback: number): number {
  const { state } = event.checkpoint
  const { step } = (state['position'] ?? state) as { step?: unknown }
  return typeof step === 'number' ? step : fallback
}

/** JSON has no NaN: null stands for every value that is not finite. */
export function finiteOrNull(values: Readonly<Record<string, number>>): Record<string, number | null> {
  return Object.fromEntries(Object.entries(values).map(([key, v]) => [key, Number.isFinite(v) ? v : null]))
}

/** The memory of this process, and what it has of the card, beside the other numbers on its work. */
function withMemory(
  values: Record<string, number | null>,
  deviceMemory: () => number | null,
): Record<string, number | null> {
  if (!(IMAGES_PER_SECOND in values)) return values
  const onCard = deviceMemory()
  return {
    ...values,
    [PROCESS_MEMORY]: mebibytes(process.memoryUsage.rss()),
    ...(onCard === null ? {} : { [DEVICE_MEMORY]: mebibytes(onCard) }),
  }
}

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20)
