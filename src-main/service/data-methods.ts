import type { Emit, Feature, ServiceDeps } from './feature.ts'
import { OK } from './feature.ts'

type DataMethods =
  | 'demo.start'
  | 'data.list'
  | 'data.inspect'
  | 'data.add'
  | 'data.get'
  | 'data.check'
  | 'data.preview'
  | 'data.remove'
  | 'data.export'

export function dataMethods({ workspace, demo, data }: ServiceDeps, emit: Emit): Feature<DataMethods> {
  return {
    'demo.start': async ({ size }) => {
      const started = await demo.start(workspace, size)
      await workspace.supervisor.tick()
      return started
    },
    'data.list': () => data.list(workspace),
    'data.inspect': ({ path }) => data.inspect(workspace, path),
    'data.add': async (params) => {
      const added = await data.add(workspace, params)
      emit('data.changed', { id: added.id })
      return added
    },
    'data.get': ({ id }) => data.get(workspace, id),
    'data.check': async ({ id }) => {
      const checked = await data.check(workspace, id)
      emit('data.changed', { id })
      return checked
    },
    'data.export': async (params) => ({ path: await data.export(workspace, params) }),
    'data.preview': (params) => data.preview(workspace, params),
    'data.remove': async ({ id }) => {
      await data.remove(workspace, id)
      emit('data.changed', { id })
      return OK
    },
  }
}
