import type { Ref } from 'vue'
import { getCurrentScope, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { Method, ParamsIn, Result } from '../../../src-shared/contract/contract.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { call } from '../../api/client.ts'
import { problemsIn } from '../../api/transport.ts'

export interface Called<T> {
  readonly data: Readonly<Ref<T | null>>
  readonly problems: Readonly<Ref<readonly Problem[]>>
  readonly isLoading: Readonly<Ref<boolean>>
  readonly reload: () => Promise<void>
}

/** The answer to a call, asked again whenever its parameters change; null parameters ask nothing. An old question is given up. */
export function useCall<M extends Method>(method: M, params: () => ParamsIn<M> | null): Called<Result<M>> {
  const data = shallowRef<Result<M> | null>(null)
  const problems = shallowRef<readonly Problem[]>([])
  const isLoading = ref(false)
  let latest = new AbortController()

  async function ask(given: ParamsIn<M> | null): Promise<void> {
    latest.abort()
    const { signal } = (latest = new AbortController())
    if (given === null) {
      data.value = null
      problems.value = []
      isLoading.value = false
      return
    }
    isLoading.value = true
    try {
      const answer = await call(method, given, signal)
      if (signal.aborted) return
      data.value = answer
      problems.value = []
    } catch (error) {
      if (!signal.aborted) problems.value = problemsIn(error)
    } finally {
      if (!signal.aborted) isLoading.value = false
    }
  }

  if (getCurrentScope() !== undefined) onScopeDispose(() => latest.abort())
  watch(
    () => JSON.stringify(params()),
    () => void ask(params()),
    { immediate: true },
  )
  return { data, problems, isLoading, reload: () => ask(params()) } as Called<Result<M>>
}
