import { readSettings, changeSettings, readUi, rememberUi } from '../runs/settings-file.ts'
import type { Emit, Feature, ServiceDeps } from './feature.ts'
import { OK } from './feature.ts'

export function appMethods(
  { workspace, host, hostReason }: ServiceDeps,
  emit: Emit,
): Feature<'app.info' | 'app.doctor' | 'app.setup' | 'settings.get' | 'settings.set' | 'ui.get' | 'ui.set'> {
  const { store, home, appVersion } = workspace
  return {
    'app.info': () => ({ name: 'CoTrain', version: appVersion, host, home, reason: hostReason }),
    'app.doctor': ({ deep }) => workspace.doctor(deep),
    'app.setup': async ({ force }) => {
      await workspace.setup(force, (progress) => emit('setup.progress', progress))
      return OK
    },
    'settings.get': () => readSettings(store),
    'settings.set': (change) => changeSettings(store, change as Parameters<typeof changeSettings>[1]),
    'ui.get': () => readUi(store),
    'ui.set': async ({ key, value }) => {
      await rememberUi(store, key, value)
      return OK
    },
  }
}
