import { dataLibrary } from '../runs/data/library.ts'
import { runsUsing } from '../runs/data/used-sets.ts'
import { startDemo } from '../runs/demo/start-demo.ts'
import { timeInWorker } from '../runs/demo/time-config.ts'
import type { DataFeature, DemoFeature } from '../service/parts.ts'

/** The demo, sized by timing a worker of this kind. */
export const demoFeature = (worker: { file: string; args: readonly string[] }): DemoFeature => ({
  start: (workspace, size) =>
    startDemo(workspace, size, (config) => timeInWorker(worker, config, workspace.folder)),
})

/** Data sets that people add and look at. */
export const dataFeature: DataFeature = {
  ...dataLibrary,
  uses: ({ store }, id) => runsUsing(store, id),
}
