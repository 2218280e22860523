import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Result } from '../../src-shared/contract/contract.ts'
import type { Problem } from '../../src-shared/contract/errors.ts'
import { call, onLink } from '../api/client.ts'
import type { LinkState } from '../api/transport.ts'
import { problemsIn } from '../api/transport.ts'

/** The line for news opens at once where it can be opened at all. */
const OPEN_WITHIN_MS = 400

/** The service itself: who it is, which engine it found, and whether it answers. */
export const useApp = defineStore('app', () => {
  const info = shallowRef<Result<'app.info'> | null>(null)
  const doctor = shallowRef<Result<'app.doctor'> | null>(null)
  const problems = shallowRef<readonly Problem[]>([])
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

  function start(): void {
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
    problems,
    attempt,
    isExamining,
    link,
    engine,
    load,
    examine,
    start,
  }
})
