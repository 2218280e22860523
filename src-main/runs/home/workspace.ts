import type { z } from 'zod'
import type { WarmUp } from '../../../src-shared/contract/calls/config.ts'
import type { DoctorReport, SetupPlan } from '../../../src-shared/contract/doctor.ts'
import type { EngineWish } from '../../../src-shared/contract/engine-wish.ts'
import type { WorkerNews } from '../../../src-shared/contract/worker.ts'
import { writeFileAtomic } from '../../disk/atomic-write.ts'
import type { TrainerChoice } from '../../../src-shared/schema/registry.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import type { DataFacts } from '../../data/content/stored-shapes.ts'
import type { Question } from '../workers/ask-worker.ts'
import { askWorker } from '../workers/ask-worker.ts'
import type { CurveReader } from '../curves/curve-reader.ts'
import { createCurveReader } from '../curves/curve-reader.ts'
import type { RunOptions } from '../read/run-options.ts'
import { runOptions } from '../read/run-options.ts'
import { findShapes } from '../workers/data-shapes.ts'
import type { RunStore } from '../../store/run-store.ts'
import { openRunStore } from '../../store/run-store.ts'
import type { DescribeData } from '../workers/engine-parts.ts'
import type { RunQueue } from '../queue/run-queue.ts'
import { openRunQueue } from '../queue/run-queue.ts'
import type { ComputeDevice } from '../../io/native/devices/compute-devices.ts'
import { workerVariables } from '../../io/native/devices/worker-variables.ts'
import { placedRuns } from '../queue/placed-runs.ts'
import type { DeviceNeed, MachineView } from '../queue/placement.ts'
import { deviceFor } from '../queue/placement.ts'
import { watchMachine, watchUnusedGpu } from './machine.ts'
import { usePluginsOf } from './plugins.ts'
import { readSettings, workerEnvironment } from './settings-file.ts'
import type { Supervisor } from '../queue/supervise.ts'
import { createSupervisor } from '../queue/supervise.ts'
import { precisionVariables, suitedTo } from '../workers/precision-variables.ts'
import { createWarmUps } from '../workers/warm-ups.ts'
import type { MakeCommand, StartWorker, WorkerCommand } from '../workers/worker-process.ts'

/** Progress of setting up the engine. */
export interface SetupProgress {
  readonly route: string
  readonly phase: string
  readonly bytes: number
  readonly totalBytes: number | null
  readonly text: string
}

export interface SetupWish {
  /** Try again although an earlier attempt found nothing, and prove anew. */
  readonly force: boolean
  /** A wheel of TensorFlow, or a folder with one, in place of a download. */
  readonly from: string | null
  /** Another engine than the one that is there; null keeps it, or chooses the best for this machine. */
  readonly engine: EngineWish | null
  /** Try WebGPU anew, also on a driver that computes on the processor. */
  readonly webgpu?: boolean
}

/** What a host gives to the use cases: where things are and what it alone can do. */
export interface WorkspaceOptions {
  readonly home: string
  readonly appVersion: string
  /** Folder of the shipped configs. */
  readonly presets: string
  /** Folder from which relative paths of configs are seen. */
  readonly folder: string
  readonly describeData: DescribeData
  /** What a Node is told to be a worker; settings are added as environment. */
  readonly worker: {
    readonly args: readonly string[]
    readonly env?: Readonly<Record<string, string>>
  }
  /** Starts workers where a plain process cannot be. */
  readonly startWorker?: StartWorker
  doctor(
    how: { readonly deep: boolean; readonly prove: boolean },
    onProgress: (progress: SetupProgress) => void,
  ): Promise<DoctorReport>
  setup(wish: SetupWish, onProgress: (progress: SetupProgress) => void, signal?: AbortSignal): Promise<void>
  setupPlan(): Promise<SetupPlan | null>
  log(text: string): void
}

/** One home folder with everything that is done in it. */
export interface Workspace extends Omit<WorkspaceOptions, 'worker'> {
  /** What a model must know about the data of a config; builds them in a process of their own the first time. */
  shapesOf(config: RunConfig, fingerprint: string, folder?: string): Promise<DataFacts>
  /** Trains a few steps of a config in a process of its own and says what the whole will take; asked again, the answer is known. */
  warmUp(config: RunConfig): Promise<WarmUp>
  /** The answer of a warm-up of before; null where the config was not timed. */
  timed(config: RunConfig): WarmUp | null
  /** Asks a process of its own, which has an engine. */
  ask<S extends z.ZodType>(question: Question<S>): Promise<z.output<S>>
  readonly store: RunStore
  readonly queue: RunQueue
  readonly supervisor: Supervisor
  /** What runs are placed on. */
  readonly machine: MachineView
  /** Why a card of this machine computes nothing; null where it does, or there is none. */
  unusedGpu(): Promise<string | null>
  /** The device for a process that tries or times something, see {@link deviceFor}. */
  freeDevice(need: DeviceNeed): Promise<ComputeDevice | null>
  readonly curves: CurveReader
  /** Options of all runs, each config read once. */
  readonly options: RunOptions
  /** News of the workers that this process has started. */
  onNews(handler: (id: string, news: WorkerNews) => void): () => void
  close(): Promise<void>
}

export function openWorkspace(options: WorkspaceOptions): Workspace {
  const { home, worker, log } = options
  usePluginsOf(home, log)
  const store = openRunStore({ home, disk: { writeFile: writeFileAtomic }, log })
  const queue = openRunQueue(store)
  const listeners = new Set<(id: string, news: WorkerNews) => void>()
  const machine = watchMachine(store)
  const command: MakeCommand = (device, trainers) => ({
    ...worker,
    env: {
      ...workerVariables(home, device?.uuid ?? null),
      ...precisionVariables(trainers),
      ...workerEnvironment(readSettings(store)),
      ...worker.env,
    },
  })
  const freeDevice = async (need: DeviceNeed, trainers: readonly TrainerChoice[] = []) =>
    deviceFor(await machine.read(), placedRuns(store), need, suitedTo(trainers))
  const asking = async (need: DeviceNeed, trainers: readonly TrainerChoice[] = []): Promise<WorkerCommand> =>
    command(await freeDevice(need, trainers), trainers)
  const looking = () => command(null, [])
  const supervisor = createSupervisor({
    store,
    queue,
    log,
    command,
    machine,
    ...(options.startWorker === undefined ? {} : { startWorker: options.startWorker }),
    onNews: (id, news) => listeners.forEach((listener) => listener(id, news)),
  })
  const curves = createCurveReader(store, log)
  const warmUps = createWarmUps((trainers) => asking('free', trainers), options.folder)
  return {
    ...options,
    store,
    queue,
    supervisor,
    machine,
    curves,
    options: runOptions(store),
    shapesOf: ({ dataset, data_seed: dataSeed }, fingerprint, folder = options.folder) =>
      findShapes(store.layout, store.disk, looking, { choice: dataset, dataSeed, fingerprint }, folder),
    warmUp: warmUps.measure,
    timed: warmUps.known,
    freeDevice,
    unusedGpu: watchUnusedGpu(store),
    // A time that is measured is that of a device without other work.
    ask: async (question) =>
      askWorker(await asking(question.job === 'time' ? 'free' : 'room', question.trainers), question),
    onNews: (handler) => {
      listeners.add(handler)
      return () => listeners.delete(handler)
    },
    close: async () => {
      await curves.close()
      await supervisor.close()
      store.close()
    },
  }
}
