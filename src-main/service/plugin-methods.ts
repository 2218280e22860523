import { resolve } from 'node:path'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import { addPlugin, listPlugins, removePluginOf, trustPluginOf } from '../runs/home/plugins.ts'
import type { Feature, ServiceDeps } from './feature.ts'
import { OK } from './feature.ts'

type PluginMethods = 'plugins.list' | 'plugins.add' | 'plugins.trust' | 'plugins.remove'

/** Parts that a lab adds. */
export function pluginMethods({ workspace, host }: ServiceDeps): Feature<PluginMethods> {
  const { home, folder } = workspace
  return {
    'plugins.list': () => listPlugins(home),
    'plugins.add': ({ path }) => addPlugin(home, resolve(folder, path)),
    'plugins.trust': ({ hash }) => {
      if (host === 'web') throw notThroughTheWeb(hash)
      return trustPluginOf(home, hash)
    },
    'plugins.remove': async ({ hash }) => {
      await removePluginOf(home, hash)
      return OK
    },
  }
}

/** Whoever has a login may queue runs, but not let code of their own run on the machine that serves. */
const notThroughTheWeb = (hash: string): CotrainError =>
  new CotrainError({
    code: 'not-allowed',
    path: `plug-in ${hash.slice(0, 10)}`,
    message: 'code is trusted at the machine itself, not through the web server.',
    hint: `Run there: cotrain plugin trust ${hash.slice(0, 10)}`,
  })
