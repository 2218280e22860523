import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Problem } from '../../src-shared/contract/errors.ts'
import type { PluginView } from '../../src-shared/contract/plugin.ts'
import { usePlugins as makeKnown } from '../../src-shared/schema/plugin/own-parts.ts'
import { call } from '../api/client.ts'
import { problemsIn } from '../api/transport.ts'

/** The plug-ins of the home; those that are trusted are known to forms and checks of configs in this window. */
export const usePlugins = defineStore('plugins', () => {
  const all = shallowRef<readonly PluginView[]>([])
  const isLoaded = ref(false)
  const problems = shallowRef<readonly Problem[]>([])

  async function load(): Promise<void> {
    try {
      const found = await call('plugins.list', {})
      makeKnown(
        found.flatMap(({ hash, trusted, package: known }) =>
          trusted && known !== null ? [{ hash, package: known }] : [],
        ),
      )
      all.value = found
      problems.value = []
    } catch (error) {
      problems.value = problemsIn(error)
    }
    isLoaded.value = true
  }

  /** Copies a plug-in into the home. @throws what the service refuses */
  async function add(path: string): Promise<void> {
    await call('plugins.add', { path })
    await load()
  }

  async function trust(hash: string): Promise<void> {
    await call('plugins.trust', { hash })
    await load()
  }

  async function remove(hash: string): Promise<void> {
    await call('plugins.remove', { hash })
    await load()
  }

  return { all, isLoaded, problems, load, add, trust, remove }
})
