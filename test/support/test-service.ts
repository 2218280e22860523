import { join } from 'node:path'
import type { DoctorReport } from '../../src-shared/contract/doctor.ts'
import { toProblems } from '../../src-shared/contract/errors.ts'
import { dataFeature } from '../../src-main/host/features.ts'
import { openWorkspace } from '../../src-main/runs/home/workspace.ts'
import type { Workspace } from '../../src-main/runs/home/workspace.ts'
import type { RunningService } from '../../src-main/service/create-service.ts'
import { createService } from '../../src-main/service/create-service.ts'
import type { ChoosePath, DemoFeature } from '../../src-main/service/parts.ts'
import { fakeDescription } from './fake-engine.ts'
import { fakeWorker, smallConfig } from './lab.ts'
import { createRun } from '../../src-main/runs/create/create-run.ts'

/** Methods that reached the service -> how each was answered: "ok", or the codes of refusals. */
export type Answered = ReadonlyMap<string, ReadonlySet<string>>

export interface TestService {
  readonly service: RunningService
  readonly workspace: Workspace
  readonly answered: Answered
  /** What went to the log. */
  readonly said: string[]
  close(): Promise<void>
}

const plan = {
  ...{
    name: 'tensorflow-cpu',
    version: '2.21.0',
    folder: '/engine',
    why: 'a test',
    unpackedBytes: 1000,
    fromFile: null,
    fetchedBytes: 10,
  },
  download: { file: 'a.whl', host: 'example.org', bytes: 100, sha256: null },
}

/** The service as hosts use it, on real folders and the real library, with the counting engine behind it. */
export function openTestService(
  home: string,
  env: Record<string, string> = {},
  choosePath?: ChoosePath,
): TestService {
  const said: string[] = []
  const workspace = openWorkspace({
    home,
    appVersion: '1.2.3',
    presets: join(import.meta.dirname, '../../configs'),
    folder: home,
    describeData: () => Promise.resolve(fakeDescription),
    worker: fakeWorker(home, env),
    doctor: () => Promise.resolve(report),
    setup: (_wish, onProgress) => {
      onProgress({ route: 'python', phase: 'looking', bytes: 0, totalBytes: null, text: '' })
      return Promise.resolve()
    },
    setupPlan: () => Promise.resolve(plan),
    log: (text) => said.push(text),
  })
  const service = createService({
    workspace,
    host: 'cli',
    hostReason: 'a test',
    demo,
    data: dataFeature,
    ...(choosePath === undefined ? {} : { choosePath }),
  })
  const answered = new Map<string, Set<string>>()
  return {
    service: recorded(service, answered),
    workspace,
    answered,
    said,
    close: async () => {
      service.close()
      await workspace.close()
    },
  }
}

/** The same service, which notes every call from outside in `answered`. */
function recorded(service: RunningService, answered: Map<string, Set<string>>): RunningService {
  const note = (method: unknown, how: string): void => {
    const name = String(method)
    answered.set(name, (answered.get(name) ?? new Set()).add(how))
  }
  return {
    ...service,
    callUnchecked: async (method, params) => {
      try {
        const result = await service.callUnchecked(method, params)
        note(method, 'ok')
        return result
      } catch (error) {
        note(method, toProblems(error)[0]?.code ?? 'no reason')
        throw error
      }
    },
  }
}

const demo: DemoFeature = {
  start: async ({ store, queue, describeData, shapesOf }) => {
    const { id } = await createRun({ store, queue, describeData, shapesOf }, smallConfig(77))
    return { ids: [id], note: 'one small run' }
  },
}

const report: DoctorReport = {
  versions: { app: '1.2.3', node: '20', electron: null, tensorflow: null, tfjs: '4' },
  machine: { os: '', cpu: '', cores: 1, features: [], memoryBytes: 1, freeMemoryBytes: 1, diskFreeBytes: 1 },
  backend: { name: 'cpu', reason: 'counts', threads: 1, gpu: false, device: 'CPU:0', matmulMs: null },
  gpus: [],
  adapters: [],
  unusedGpu: null,
  cardIsServed: false,
  webgpu: null,
  routes: [],
  advice: [],
  text: 'counts',
}
