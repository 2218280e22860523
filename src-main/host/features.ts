import { CotrainError } from '../../src-shared/contract/errors.ts'
import { startDemo } from '../runs/demo/start-demo.ts'
import { timeInWorker } from '../runs/demo/time-config.ts'
import type { DataFeature, DemoFeature } from '../service/parts.ts'

const absent = (what: string) => (): Promise<never> =>
  Promise.reject(new CotrainError({ code: 'not-found', message: `${what} is not part of this version.` }))

/** The demo, sized by timing a worker of this kind. */
export const demoFeature = (worker: { file: string; args: readonly string[] }): DemoFeature => ({
  start: (workspace, size) =>
    startDemo(workspace, size, (config) => timeInWorker(worker, config, workspace.folder)),
})

export const dataFeature: DataFeature = {
  list: () => Promise.resolve([]),
  inspect: absent('Inspecting data'),
  add: absent('Adding data'),
  get: absent('The data set'),
  check: absent('The data set'),
  preview: absent('The data set'),
  remove: absent('The data set'),
}
