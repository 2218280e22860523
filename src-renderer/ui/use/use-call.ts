import type { Ref } from 'vue'
import { ref, shallowRef, watch } from 'vue'
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

/** The answer to a call, asked again whenever its parameters change; null parameters ask nothing. A late answer to an old question is dropped. */
export function useCall<M extends Method>(method: M, params: () => ParamsIn<M> | null): Called<Result<M>> {
  const data = shallowRef<Result<M> | null>(null)
  const problems = shallowRef<readonly Problem[]>([])
  const isLoading = ref(false)
  let asked = 0

  async function ask(given: ParamsIn<M> | null): Promise<void> {
    const turn = ++asked
    if (given === null) {
      data.value = null
      problems.value = []
      isLoading.value = false
      return
    }
    isLoading.value = true
    try {
      const answer = await call(method, given)
      if (turn !== asked) return
      data.value = answer
      problems.value = []
    } catch (error) {
      if (turn === asked) problems.value = problemsIn(error)
    } finally {
      if (turn === asked) isLoading.value = false
    }
  }

  watch(
    () => JSON.stringify(params()),
    () => void ask(params()),
    { immediate: true },
  )
  return { data, problems, isLoading, reload: () => ask(params()) } as Called<Result<M>>
}
