import { resolve } from 'node:path'
import type { DataDeps } from '../data/content/data-deps.ts'
import { keptTestImages } from '../runs/read/kept-images.ts'
import { lineageOf } from '../runs/read/lineage.ts'
import { momentOf } from '../runs/read/moment.ts'
import { balanceOf } from '../runs/read/task-balance.ts'
import { readRunFile } from '../runs/read/run-files.ts'
import type { Feature, ServiceDeps } from './feature.ts'

type RunPageMethods =
  | 'runs.worstImages'
  | 'runs.corruptionExamples'
  | 'runs.balance'
  | 'runs.lineage'
  | 'runs.readFile'
  | 'runs.data'
  | 'runs.relocate'
  | 'runs.moment'
  | 'runs.exportWeights'
  | 'runs.exportTracker'
  | 'runs.exportNetwork'

/** What the page of one run asks for beside the run itself. */
export function runPageMethods({ workspace }: ServiceDeps): Feature<RunPageMethods> {
  const { store, describeData, folder } = workspace
  const full = <P extends { id: string }>(params: P): P => ({ ...params, id: store.resolve(params.id) })
  /** Paths of a config are seen from the folder that it was queued in. */
  const depsOf = (id: string): DataDeps => depsIn(store.read(id).folder)
  const depsIn = (from: string): DataDeps => ({
    home: store.layout.home,
    folder: from,
    now: () => performance.now(),
    date: () => new Date(),
  })
  // Images bring their decoders along, which the first view can do without.
  const open = keptTestImages(async (id) => {
    const { openTestImages } = await import('../runs/read/test-images.ts')
    return openTestImages(store.read(id), depsOf(id))
  })
  return {
    'runs.worstImages': async (given) => {
      const params = full(given)
      const { worstImages } = await import('../runs/read/worst-images.ts')
      return worstImages(store, params, () => open(params.id))
    },
    'runs.corruptionExamples': async (given) => {
      const params = full(given)
      const { corruptionExamples } = await import('../runs/read/corruption-examples.ts')
      return corruptionExamples(store, params, depsOf(params.id), open)
    },
    'runs.balance': (params) => balanceOf(store, full(params).id),
    'runs.lineage': (params) => lineageOf(store, full(params).id),
    'runs.moment': (params) => momentOf(store, full(params)),
    'runs.exportWeights': async (given) => {
      const { id, to, epoch } = full(given)
      // The networks bring TensorFlow.js along.
      const { exportWeights } = await import('../runs/weights/export-weights.ts')
      const path = resolve(folder, to)
      await exportWeights(workspace, id, path, epoch)
      return { path }
    },
    'runs.exportTracker': async (given) => {
      const params = full(given)
      const { exportTracker } = await import('../runs/trackers/export-tracker.ts')
      return { path: await exportTracker(store, { ...params, to: resolve(folder, params.to) }) }
    },
    'runs.exportNetwork': async (given) => {
      const { exportNetwork } = await import('../runs/exchange/export-network.ts')
      return exportNetwork(workspace, full(given))
    },
    'runs.readFile': (params) => readRunFile(store, full(params)),
    'runs.data': async (params) => {
      const { placesWithCopies } = await import('../runs/create/run-places.ts')
      return placesWithCopies(store.read(full(params).id), store.layout.home)
    },
    'runs.relocate': async (given) => {
      const { id, path } = full(given)
      const { relocateRun } = await import('../runs/shelf/relocate-run.ts')
      return { ...(await relocateRun({ store, describeData, deps: depsIn(folder) }, id, path)), copies: [] }
    },
  }
}
