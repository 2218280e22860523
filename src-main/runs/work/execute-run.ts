import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunEnvironment, RunSegment } from '../../../src-shared/contract/run.ts'
import type { RunEnd } from '../../../src-shared/contract/run-end.ts'
import { endWords, plainEnd } from '../../../src-shared/contract/run-end.ts'
import { named, recordedPlugins } from '../../../src-shared/schema/plugin/used-plugins.ts'
import type { WorkerNews } from '../../../src-shared/contract/worker.ts'
import type { Checkpoint } from '../../engine/types.ts'
import { latestCheckpoint } from '../../store/files/checkpoint-folder.ts'
import type { EventWriter } from '../../store/history/event-writer.ts'
import { openEventWriter } from '../../store/history/event-writer.ts'
import { tryLock } from '../../disk/file-lock.ts'
import { clearLive, clearStopOrder, readRecord, readStopOrder } from '../../store/files/run-folder.ts'
import { type RunRecord, segmentsOf } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { StatusEvent } from '../../store/status.ts'
import { transition } from '../../store/status.ts'
import { readCheckpoint } from '../weights/checkpoint-files.ts'
import type { BuiltData, EngineParts } from '../workers/engine-parts.ts'
import { isSameData, ruleOf } from '../workers/engine-parts.ts'
import { changesBetween } from '../../data/content/manifest-store.ts'
import { refuseWhatIsOff } from '../workers/engine-limits.ts'
import { engineLoaded } from '../workers/engine-here.ts'
import { environmentOf } from '../workers/environment.ts'
import { askedNumbers } from '../workers/precision-variables.ts'
import { divergedProblem, endOf } from './run-end.ts'
import { failureOf, stackOf } from '../workers/failure.ts'
import { explainingMemory } from './explain-memory.ts'
import type { Trained } from './keep-result.ts'
import { keepResult } from './keep-result.ts'
import { readStartWeights } from './start-weights.ts'
import { keepShapes } from '../../data/content/stored-shapes.ts'
import type { StopRequest } from './stop-request.ts'
import { LOOK_MS, stopRequestOf } from './stop-request.ts'
import type { RunRecorder } from './run-recorder.ts'
import { createRecorder } from './run-recorder.ts'

export type RunOutcome = 'finished' | 'diverged' | 'stopped' | 'failed'

export interface ExecuteOptions {
  readonly store: RunStore
  readonly id: string
  readonly parts: EngineParts
  readonly appVersion: string
  /** Hears everything as it happens; may be slow or gone. */
  readonly news: (news: WorkerNews) => void
  /** A request that came to this process (signal, line on stdin). */
  readonly asked: () => StopRequest
}

/**
 * Works on a queued run until it is finished, stopped or failed, whichever its folder then says.
 * @throws CotrainError `run-locked` when another process works on it, `run-state` when it is not queued.
 */
export async function executeRun(options: ExecuteOptions): Promise<RunOutcome> {
  const { store, id, news } = options
  const { folder, lock: lockPath, events: eventsPath } = store.files(id)
  const lock = tryLock(lockPath)
  if (lock === null)
    throw new CotrainError({ code: 'run-locked', path: id, message: 'another process works on this run.' })
  let events: EventWriter | null = null
  try {
    events = openEventWriter(eventsPath)
    // Behind the lock: another worker may have ended the run a moment ago.
    const before = readRecord(folder)
    const status = transition(before.status, 'start')
    const startedAt = before.startedAt ?? store.now()
    const record = {
      ...before,
      status,
      startedAt,
      endedAt: null,
      problem: null,
      end: null,
      reason: '',
      segment: before.segment + 1,
    }
    const recorder = createRecorder({ store, record, events, news })
    bestEffort(() => clearLive(folder)) // that of a killed worker would tell a wrong place, should this one be killed early
    await recorder.change({})
    recorder.write({ kind: 'status', status })
    const outcome = await work(options, recorder)
    clearStopOrder(folder)
    events.flush(true)
    bestEffort(() => store.history(id).read()) // puts the columns of a long log where charts find them
    news({ type: 'done', status: outcome.status, problems: outcome.problems })
    return outcome.status
  } finally {
    try {
      bestEffort(() => clearLive(folder))
      events?.close()
    } finally {
      lock.release()
    }
  }
}

interface Outcome {
  readonly status: RunOutcome
  readonly problems: Problem[]
}

async function work(options: ExecuteOptions, recorder: RunRecorder): Promise<Outcome> {
  try {
    const trained = await train(options, recorder)
    const { epoch } = recorder.record()
    if (trained === null || trained.result.end.reason === 'asked')
      return await stopped(options, recorder, epoch)
    const ended = endOf(trained.result.end, epoch)
    await keepResult(options.store, recorder, trained, ended)
    if (ended.reason !== 'not-finite') return await end(options, recorder, 'finish', ended)
    return await end(options, recorder, 'diverge', ended, divergedProblem(recorder.record().id, ended))
  } catch (error) {
    const problem = failureOf(error)
    bestEffort(() => recorder.write({ kind: 'log', level: 'error', text: stackOf(error) }))
    const { epoch } = recorder.record()
    return await end(options, recorder, 'fail', plainEnd('error', epoch), problem)
  }
}

/** Builds everything and trains; null when asked to stop before the first step. */
async function train(options: ExecuteOptions, recorder: RunRecorder): Promise<Trained | null> {
  const { parts, appVersion, news, store } = options
  const { config, folder, identity } = recorder.record()
  const log = logTo(recorder)
  const stopRequest = stopRequestOf(options, recorder)

  if (await preparing(recorder, stopRequest, 'engine')) return null
  const backend = await parts.loadBackend()
  refuseWhatIsOff(config, engineLoaded(backend))
  if (backend.deviceMemory !== undefined) recorder.watchDevice(backend.deviceMemory)
  const plugins = recordedPlugins(recorder.record())
  const environment = {
    ...environmentOf(backend, appVersion, askedNumbers(config.trainer)),
    ...named(plugins),
  }
  await recorder.change({ environment, segments: withSegment(recorder.record(), store.now(), environment) })
  news({ type: 'ready', pid: process.pid, environment })
  log(`${backend.name} backend: ${backend.reason}`)

  await parts.usePlugins?.(plugins)
  if (await preparing(recorder, stopRequest, 'data')) return null
  await checkData(options, recorder.record())
  const report = (detail: string, fraction: number): void => {
    // Some sets (corrupted test images) are made only when the evaluation comes to them.
    const { status, epoch, epochs, step } = recorder.record()
    const phase = status === 'preparing' ? 'preparing' : 'evaluating'
    recorder.progress({ ...PREPARING, phase, detail, fraction, epoch, epochs, step })
  }
  const { dataset, data_seed: seed } = config
  const built = await parts.buildData(dataset, seed, folder, report, ruleOf(identity))
  try {
    return await trainOn(options, recorder, built, stopRequest)
  } finally {
    built.dispose()
  }
}

/** The segments so far and the one that begins. */
const withSegment = (record: RunRecord, at: number, environment: RunEnvironment): RunSegment[] => [
  ...segmentsOf(record).filter(({ segment }) => segment < record.segment),
  { segment: record.segment, at, environment },
]

async function trainOn(
  { store, parts }: ExecuteOptions,
  recorder: RunRecorder,
  built: BuiltData,
  stopRequest: () => StopRequest,
): Promise<Trained | null> {
  const { data, normalisations } = built
  const { config } = recorder.record()
  const log = logTo(recorder)
  if (await preparing(recorder, stopRequest, 'model')) return null
  const model = await parts.buildModel(config.model, built, config.seed)
  await keepShapes(store, recorder.record().id, built.shapes)
  const checkpoint = takeUp(store, recorder, log)
  const start = checkpoint === null ? readStartWeights(store, config.parent, model, log) : null

  if (await preparing(recorder, stopRequest, 'first step')) return null
  await setStatus(recorder, 'train')
  const now = (): number => performance.now()
  const setup = {
    data,
    model,
    trainer: config.trainer,
    seed: config.seed,
    start,
    checkpoint,
    now,
    stopRequest,
  }
  const steps = explainingMemory(parts.train(setup), model, config)
  let lastTurn = now()
  for (;;) {
    const { done, value } = await steps.next()
    if (done === true) return { result: value, data, ...(normalisations && { normalisations }) }
    if (value.kind !== 'mark' || value.mark !== 'resume') await recorder.take(value)
    if (now() - lastTurn < LOOK_MS) continue
    await turn()
    lastTurn = now()
    if (stopRequest() !== 'no' && recorder.record().status === 'running')
      await setStatus(recorder, 'ask-stop')
  }
}

type Log = (text: string, level?: 'info' | 'warn') => void

const logTo =
  (recorder: RunRecorder): Log =>
  (text, level = 'info') =>
    recorder.write({ kind: 'log', level, text })

/** Says what comes next; true when the run has been asked to stop instead. */
async function preparing(
  recorder: RunRecorder,
  stopRequest: () => StopRequest,
  detail: string,
): Promise<boolean> {
  const { epoch, step } = recorder.record()
  recorder.progress({ ...PREPARING, detail, epoch, step }, true)
  await turn()
  return stopRequest() === 'now'
}

const PREPARING = {
  phase: 'preparing' as const,
  epoch: 0,
  epochs: 0,
  step: 0,
  stepOfEpoch: 0,
  stepsPerEpoch: 0,
  fraction: 0,
  imagesPerSecond: null,
  secondsLeft: null,
  loaderWait: null,
}

async function checkData(
  { parts, store }: ExecuteOptions,
  { config, folder, identity }: RunRecord,
): Promise<void> {
  const found = await parts.describeData(config.dataset, config.data_seed, folder)
  if (found.problems.length > 0) throw new CotrainError(found.problems)
  if (await isSameData(identity, found)) return
  throw new CotrainError(await changesBetween(identity.data, found.fingerprint, store.layout.home))
}

/** The newest whole checkpoint; numbers after it are overruled by what follows. */
function takeUp(store: RunStore, recorder: RunRecorder, log: Log): Checkpoint | null {
  const { found, skipped } = latestCheckpoint(
    store.files(recorder.record().id).checkpoints,
    recorder.record().identity.config,
  )
  for (const text of skipped) log(text, 'warn')
  const isResumed = recorder.record().segment > 1
  if (found === null) {
    if (isResumed)
      recorder.write({
        kind: 'mark',
        mark: 'resume',
        step: -1,
        epoch: 0,
        text: 'started again from the beginning',
      })
    return null
  }
  const { step, epoch } = found.manifest
  recorder.write({ kind: 'mark', mark: 'resume', step, epoch, text: `goes on from step ${step}` })
  return readCheckpoint(found.folder)
}

async function setStatus(recorder: RunRecorder, event: StatusEvent): Promise<void> {
  const status = transition(recorder.record().status, event)
  recorder.write({ kind: 'status', status })
  await recorder.change({ status })
}

/** Asked to stop by a person, or by the search that it is a trial of, which says why. */
function stopped(options: ExecuteOptions, recorder: RunRecorder, epoch: number): Promise<Outcome> {
  const why = readStopOrder(options.store.files(options.id).folder)?.pruned
  if (why === undefined) return end(options, recorder, 'stop', plainEnd('asked-to-stop', epoch))
  bestEffort(() => recorder.write({ kind: 'log', level: 'info', text: `Its search ${why}.` }))
  return end(options, recorder, 'stop', plainEnd('pruned', epoch), null, why)
}

async function end(
  { store }: ExecuteOptions,
  recorder: RunRecorder,
  event: 'finish' | 'diverge' | 'stop' | 'fail',
  ended: RunEnd,
  problem: Problem | null = null,
  why = endWords(ended.reason),
): Promise<Outcome> {
  const status = transition(recorder.record().status, event) as RunOutcome
  const reason = problem?.message ?? why
  // On a full disk the log cannot grow, but the small record may still find room: it matters more.
  bestEffort(() => recorder.write({ kind: 'status', status, reason }))
  await recorder.change({
    status,
    reason,
    problem: problem === null ? null : { ...problem },
    end: ended,
    endedAt: store.now(),
  })
  return { status, problems: problem === null ? [] : [problem] }
}

function bestEffort(work: () => void): void {
  try {
    work()
  } catch {
    // What failed is already on its way to the record.
  }
}

/** Lets signals, lines on stdin and timers be heard between synchronous steps. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
