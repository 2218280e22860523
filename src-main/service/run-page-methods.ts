import { corruptionExamples } from '../runs/corruption-examples.ts'
import type { DataDeps } from '../runs/data/data-deps.ts'
import { lineageOf } from '../runs/lineage.ts'
import { readRunFile } from '../runs/run-files.ts'
import { openTestPictures } from '../runs/test-pictures.ts'
import { worstImages } from '../runs/worst-images.ts'
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
  return {
    'runs.worstImages': (given) => {
      const params = full(given)
      return worstImages(store, params, () => openTestPictures(store.read(params.id), depsOf(params.id)))
    },
    'runs.corruptionExamples': (given) => {
      const params = full(given)
      return corruptionExamples(store, params, depsOf(params.id))
    },
    'runs.lineage': (params) => lineageOf(store, full(params).id),
    'runs.readFile': (params) => readRunFile(store, full(params)),
  }
}
