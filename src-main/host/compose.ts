import { join } from 'node:path'
import { chooseHome, cotrainHome } from '../disk/home.ts'
import { entryBeside, nodeArguments, unpacked } from '../process/entries.ts'
import type { TimeStep } from '../runs/home/engine-setup.ts'
import { readSettings } from '../runs/home/settings-file.ts'
import type { Workspace } from '../runs/home/workspace.ts'
import { openWorkspace } from '../runs/home/workspace.ts'
import type { RunningService } from '../service/create-service.ts'
import type { ChoosePath } from '../service/parts.ts'
import type { StartWorker } from '../runs/workers/worker-process.ts'
import { createService } from '../service/create-service.ts'
import { appRoot, appVersion, runsFromSource } from './app-root.ts'
import { dataFeature, demoFeature, loadTheRest } from './features.ts'

export interface Composed {
  readonly workspace: Workspace
  readonly service: RunningService
  close(): Promise<void>
}

export interface ComposeOptions {
  readonly host: 'electron' | 'web' | 'cli'
  readonly hostReason: string
  /** Folder from which relative paths of configs are seen. */
  readonly folder?: string
  readonly startWorker?: StartWorker
  readonly choosePath?: ChoosePath
  readonly log?: (text: string) => void
}

/** After the first view is there; nothing waits for it. */
const REST_AFTER_MS = 5_000

/** Puts the app together for a host. */
export function compose({
  host,
  hostReason,
  folder,
  startWorker,
  choosePath,
  log = () => undefined,
}: ComposeOptions): Composed {
  const home = cotrainHome()
  const enginePlace = () => {
    const { engine, tensorflowFolder, threads } = readSettings(workspace.store)
    const device = async () => (await workspace.freeDevice('room'))?.uuid ?? null
    const timeStep: TimeStep = async (...given) =>
      (await import('../runs/bench/time-engine.ts')).timeEngine(workspace, ...given)
    return { home, engine, configured: tensorflowFolder, threads, device, timeStep }
  }
  const workspace: Workspace = openWorkspace({
    home,
    appVersion: appVersion(),
    presets: join(unpacked(appRoot()), 'configs'),
    folder: folder ?? process.cwd(),
    describeData: async (...given) => (await import('../runs/workers/real-engine.ts')).describe(...given),
    worker: { args: workerArguments() },
    ...(startWorker === undefined ? {} : { startWorker }),
    doctor: async (how, onProgress) =>
      (await import('../runs/home/engine-setup.ts')).doctor(enginePlace(), appVersion(), how, onProgress),
    setup: async (wish, onProgress, signal) => {
      const { setUpEngine } = await import('../runs/home/engine-setup.ts')
      await setUpEngine(enginePlace(), wish, onProgress, signal)
    },
    setupPlan: async () => (await import('../runs/home/engine-setup.ts')).planSetup(enginePlace()),
    log,
  })
  const service = createService({
    workspace,
    host,
    hostReason,
    demo: demoFeature,
    data: dataFeature,
    ...(choosePath === undefined ? {} : { choosePath }),
    ...(process.env['COTRAIN_HOME'] === undefined ? { chooseHome } : {}),
  })
  setTimeout(() => void loadTheRest().catch((error: unknown) => log(String(error))), REST_AFTER_MS).unref()
  return {
    workspace,
    service,
    close: async () => {
      service.close()
      await workspace.close()
    },
  }
}

/** The worker's entry: the built one, or the source through tsx in a checkout that is not built. */
function workerArguments(): readonly string[] {
  if (runsFromSource()) return nodeArguments(entryBeside(import.meta.url, './worker/worker.ts'))
  return ['--enable-source-maps', join(unpacked(appRoot()), 'out', 'main', 'worker.js')]
}
