import { addRuns } from '../runs/shelf/add-runs.ts'
import { deleteForever, trashedRuns } from '../runs/shelf/run-trash.ts'
import type { Feature, ServiceDeps } from './feature.ts'
import { OK } from './feature.ts'

type RunShelfMethods = 'runs.optionPaths' | 'runs.options' | 'runs.trash' | 'runs.deleteForever' | 'runs.add'

/** The shelf of all runs: options to filter by, the trash, runs from elsewhere. */
export function runShelfMethods({ workspace }: ServiceDeps): Feature<RunShelfMethods> {
  const { store, options, folder } = workspace
  return {
    'runs.optionPaths': () => options.paths(),
    'runs.options': ({ paths }) => options.values(paths),
    'runs.trash': () => trashedRuns(store),
    'runs.deleteForever': ({ ids }) => {
      deleteForever(store, ids)
      return OK
    },
    'runs.add': ({ path }) => addRuns(store, path, folder),
  }
}
