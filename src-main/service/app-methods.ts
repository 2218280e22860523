import { CotrainError } from '../../src-shared/contract/errors.ts'
import { prepareHome } from '../runs/home/change-home.ts'
import { readSettings, changeSettings, rememberedUi, rememberUi } from '../runs/home/settings-file.ts'
import type { Emit, Feature, ServiceDeps } from './feature.ts'
import { OK } from './feature.ts'

type AppMethods =
  | 'app.info'
  | 'app.doctor'
  | 'app.choosePath'
  | 'app.changeHome'
  | 'app.setup'
  | 'app.setupPlan'
  | 'app.stopSetup'
  | 'settings.get'
  | 'settings.set'
  | 'ui.get'
  | 'ui.set'

export function appMethods(
  { workspace, host, hostReason, choosePath, chooseHome }: ServiceDeps,
  emit: Emit,
): Feature<AppMethods> {
  const { store, home, appVersion } = workspace
  /** Of those that set the engine up: they wait for each other, and a stop ends them all. */
  const setups = new Set<AbortController>()
  return {
    'app.info': () => ({ name: 'CoTrain', version: appVersion, host, home, reason: hostReason }),
    'app.doctor': (how) => workspace.doctor(how, (progress) => emit('setup.progress', progress)),
    'app.choosePath': async (question) => {
      if (choosePath !== undefined) return { path: await choosePath(question) }
      const message = 'only the desktop app can open a file dialog on this machine.'
      throw new CotrainError({ code: 'not-allowed', message, hint: 'Type the path instead.' })
    },
    'app.changeHome': async ({ path, how }) => {
      if (chooseHome === undefined) {
        const message = 'the variable COTRAIN_HOME decides where the storage folder is.'
        throw new CotrainError({
          code: 'not-allowed',
          message,
          hint: 'Change the variable, or start without it.',
        })
      }
      const next = await prepareHome(store, path, how)
      await chooseHome(next)
      return { home: next }
    },
    'app.setup': async (wish) => {
      const own = new AbortController()
      setups.add(own)
      await workspace
        .setup(wish, (progress) => emit('setup.progress', progress), own.signal)
        .finally(() => setups.delete(own))
      return OK
    },
    'app.setupPlan': () => workspace.setupPlan(),
    'app.stopSetup': () => {
      for (const setup of setups) setup.abort()
      return OK
    },
    'settings.get': () => readSettings(store),
    'settings.set': (change) => changeSettings(store, change),
    'ui.get': () => rememberedUi(store),
    'ui.set': async ({ key, value }) => {
      await rememberUi(store, key, value)
      return OK
    },
  }
}
