import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { EventPayload, Result } from '../../src-shared/contract/contract.ts'
import type { Problem } from '../../src-shared/contract/errors.ts'
import { call, listen, onLink } from '../api/client.ts'
import type { LinkState } from '../api/transport.ts'
import { problemsIn } from '../api/transport.ts'

/** The line for news opens at once where it can be opened at all. */
const OPEN_WITHIN_MS = 400

/** The service itself: who it is, which engine it found, and whether it answers. */
export const useApp = defineStore('app', () => {
  const info = shallowRef<Result<'app.info'> | null>(null)
  const doctor = shallowRef<Result<'app.doctor'> | null>(null)
  const setup = shallowRef<EventPayload<'setup.progress'> | null>(null)
  const problems = shallowRef<readonly Problem[]>([])
  /** What setting the engine up would fetch; null while that is not known, and where it is there. */
  const plan = shallowRef<Result<'app.setupPlan'>>(null)
  const isSettingUp = ref(false)
  const isExamining = ref(false)
  const link = ref<LinkState>('connecting')
  const engine = computed(() => doctor.value?.backend.name ?? null)

  /** What fails is shown until something succeeds. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      problems.value = []
    } catch (error) {
      problems.value = problemsIn(error)
    }
  }

  const load = (): Promise<void> =>
    attempt(async () => {
      info.value = await call('app.info', {})
      doctor.value = await call('app.doctor', {})
    })

  /** Times a matrix product, so that the device shown is the device used. */
  async function examine(): Promise<void> {
    isExamining.value = true
    await attempt(async () => void (doctor.value = await call('app.doctor', { deep: true })))
    isExamining.value = false
  }

  /** Asks what is to be fetched, where the native engine is not there; only who may set it up is told. */
  const loadPlan = (): Promise<void> =>
    attempt(
      async () =>
        void (plan.value = doctor.value?.backend.name === 'native' ? null : await call('app.setupPlan', {})),
    )

  /** Stopped by a person it is no problem: what was fetched is kept. */
  async function installEngine(wish: { force?: boolean; from?: string }): Promise<void> {
    isSettingUp.value = true
    await attempt(async () => {
      await call('app.setup', wish)
      doctor.value = await call('app.doctor', {})
    })
    isSettingUp.value = false
    setup.value = null
    if (problems.value.some(({ code }) => code === 'cancelled')) problems.value = []
    if (problems.value.length === 0) await loadPlan()
  }

  const stopSetup = (): Promise<void> => attempt(async () => void (await call('app.stopSetup', {})))

  function start(): void {
    listen('setup.progress', (news) => (setup.value = news))
    onLink((state) => {
      link.value = state
      if (state === 'open') void load()
    })
    // Without the line for news there is still the service itself.
    setTimeout(() => link.value === 'connecting' && void load(), OPEN_WITHIN_MS)
  }

  return {
    info,
    doctor,
    setup,
    problems,
    plan,
    isSettingUp,
    isExamining,
    link,
    engine,
    load,
    examine,
    installEngine,
    loadPlan,
    stopSetup,
    start,
  }
})
