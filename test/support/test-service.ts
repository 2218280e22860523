import { join } from 'node:path'
import type { DoctorReport } from '../../src-shared/contract/doctor.ts'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import { openWorkspace } from '../../src-main/runs/home/workspace.ts'
import type { Workspace } from '../../src-main/runs/home/workspace.ts'
import type { RunningService } from '../../src-main/service/create-service.ts'
import { createService } from '../../src-main/service/create-service.ts'
import type { ChoosePath, DataFeature, DemoFeature } from '../../src-main/service/parts.ts'
import { fakeDescription } from './fake-engine.ts'
import { fakeWorker, smallConfig } from './lab.ts'
import { createRun } from '../../src-main/runs/create/create-run.ts'

export interface TestService {
  readonly service: RunningService
  readonly workspace: Workspace
  /** What went to the log. */
  readonly said: string[]
  close(): Promise<void>
}

/** The service as hosts use it, with the counting engine behind it. */
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
    setup: (_force, onProgress) => {
      onProgress({ route: 'python', phase: 'looking', bytes: 0, totalBytes: null, text: '' })
      return Promise.resolve()
    },
    log: (text) => said.push(text),
  })
  const service = createService({
    workspace,
    host: 'cli',
    hostReason: 'a test',
    demo,
    data,
    ...(choosePath === undefined ? {} : { choosePath }),
  })
  return {
    service,
    workspace,
    said,
    close: async () => {
      service.close()
      await workspace.close()
    },
  }
}

const demo: DemoFeature = {
  start: async ({ store, queue, describeData, shapesOf }) => {
    const { id } = await createRun({ store, queue, describeData, shapesOf }, smallConfig(77))
    return { ids: [id], note: 'one small run' }
  },
}

const set = {
  id: 'set-1',
  name: 'digits',
  kind: 'images' as const,
  origin: 'a test',
  fingerprint: 'f',
  addedAt: 1,
  bytes: 1,
  summary: 'ten digits',
  facts: [],
  findings: [],
  present: true,
}
const known = <T>(id: string, value: T): Promise<T> =>
  id === set.id
    ? Promise.resolve(value)
    : Promise.reject(new CotrainError({ code: 'not-found', message: 'no such data set.' }))

const data: DataFeature = {
  list: () => Promise.resolve([set]),
  inspect: () =>
    Promise.resolve({ format: 'idx', summary: 'digits', needsMapping: false, tree: null, problems: [] }),
  look: () =>
    Promise.resolve({
      ...{ summary: 'digits', sessions: [], findings: [], images: [], responseHistogram: [] },
      choices: [],
      account: { used: [], left: [] },
    }),
  add: () => Promise.resolve(set),
  ignore: (_workspace, { id }) => known(id, set),
  treatMissing: (_workspace, { id }) => known(id, set),
  neurons: (_workspace, id) => known(id, []),
  responses: (_workspace, { id }) => known(id, { bins: [], count: 0, missing: 0 }),
  uses: (_workspace, id) => known(id, { total: 0, runs: [] }),
  restore: (_workspace, id) => known(id, set),
  get: (_workspace, id) => known(id, set),
  check: (_workspace, id) => known(id, set),
  preview: (_workspace, { id }) => known(id, { images: [], classCounts: [], responseHistogram: [] }),
  relocate: (_workspace, { id }) => known(id, set),
  remove: (_workspace, id) => known(id, undefined),
  export: (_workspace, { id, path }) => known(id, path),
}

const report: DoctorReport = {
  versions: { app: '1.2.3', node: '20', electron: null, tensorflow: null, tfjs: '4' },
  machine: { os: '', cpu: '', cores: 1, features: [], memoryBytes: 1, freeMemoryBytes: 1, diskFreeBytes: 1 },
  backend: { name: 'cpu', reason: 'counts', threads: 1, gpu: false, device: 'CPU:0', matmulMs: null },
  routes: [],
  advice: [],
  text: 'counts',
}
