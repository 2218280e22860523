import { ref } from 'vue'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { problemsIn } from '../../api/transport.ts'

/** Work that a person starts: whether it is under way, and why it failed the last time. */
export function useAttempt() {
  const isBusy = ref(false)
  const problems = ref<readonly Problem[]>([])

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    if (isBusy.value) return
    isBusy.value = true
    problems.value = []
    try {
      await work()
    } catch (error) {
      problems.value = problemsIn(error)
    } finally {
      isBusy.value = false
    }
  }

  const forget = (): void => void (problems.value = [])
  return { isBusy, problems, attempt, forget }
}
