import type { DataDeps } from '../runs/data/data-deps.ts'
import { keptTestPictures } from '../runs/kept-pictures.ts'
import { lineageOf } from '../runs/lineage.ts'
import { readRunFile } from '../runs/run-files.ts'
import type { Feature, ServiceDeps } from './feature.ts'

type RunPageMethods = 'runs.worstImages' | 'runs.corruptionExamples' | 'runs.lineage' | 'runs.readFile'

/** What the page of one run asks for beside the run itself. */
export function runPageMethods({ workspace: { store } }: ServiceDeps): Feature<RunPageMethods> {
  const full = <P extends { id: string }>(params: P): P => ({ ...params, id: store.resolve(params.id) })
  /** Paths of a config are seen from the folder that it was queued in. */
  const depsOf = (id: string): DataDeps => ({
    home: store.layout.home,
    folder: store.read(id).folder,
    now: () => performance.now(),
    date: () => new Date(),
  })
  // Pictures bring their decoders along, which the first view can do without.
  const open = keptTestPictures(async (id) => {
    const { openTestPictures } = await import('../runs/test-pictures.ts')
    return openTestPictures(store.read(id), depsOf(id))
  })
  return {
    'runs.worstImages': async (given) => {
      const params = full(given)
      const { worstImages } = await import('../runs/worst-images.ts')
      return worstImages(store, params, () => open(params.id))
    },
    'runs.corruptionExamples': async (given) => {
      const params = full(given)
      const { corruptionExamples } = await import('../runs/corruption-examples.ts')
      return corruptionExamples(store, params, depsOf(params.id), open)
    },
    'runs.lineage': (params) => lineageOf(store, full(params).id),
    'runs.readFile': (params) => readRunFile(store, full(params)),
  }
}
