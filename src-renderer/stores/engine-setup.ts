import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { EventPayload, ParamsIn, Result } from '../../src-shared/contract/contract.ts'
import { call, listen } from '../api/client.ts'
import { useApp } from './app.ts'

/** Setting the native engine up: what it takes, how far it is. What fails is among the problems of the app. */
export const useEngineSetup = defineStore('engine-setup', () => {
  const app = useApp()
  const progress = shallowRef<EventPayload<'setup.progress'> | null>(null)
  /** null while that is not known, and where the engine is there. */
  const plan = shallowRef<Result<'app.setupPlan'>>(null)
  const isAtWork = ref(false)

  const loadPlan = (): Promise<void> =>
    app.attempt(async () => {
      plan.value = app.doctor?.backend.name === 'native' ? null : await call('app.setupPlan', {})
    })

  /** Stopped by a person it is no problem: what was fetched is kept. */
  async function install(wish: ParamsIn<'app.setup'>): Promise<void> {
    isAtWork.value = true
    await app.attempt(async () => {
      await call('app.setup', wish)
      app.doctor = await call('app.doctor', {})
    })
    isAtWork.value = false
    progress.value = null
    if (app.problems.some(({ code }) => code === 'cancelled')) app.problems = []
    if (app.problems.length === 0) await loadPlan()
  }

  const stop = (): Promise<void> => app.attempt(async () => void (await call('app.stopSetup', {})))

  const start = (): void => void listen('setup.progress', (news) => (progress.value = news))

  return { progress, plan, isAtWork, loadPlan, install, stop, start }
})
