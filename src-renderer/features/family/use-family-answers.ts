import { computed } from 'vue'
import type { Answer } from '../../../src-shared/contract/answer.ts'
import { answersOf } from '../../../src-shared/contract/answer.ts'
import type { FamilySummary } from '../../../src-shared/contract/calls/family.ts'
import { comparedRuns, leftWords, settingNames } from '../../../src-shared/contract/family-runs.ts'
import { useRuns } from '../../stores/runs.ts'
import { useCall } from '../../ui/use/use-call.ts'
import { settingsNow } from './family-state.ts'

/** What the finished runs of a family say, asked anew whenever one more finishes. */
export function useFamilyAnswers(family: () => FamilySummary | null) {
  const runs = useRuns()
  const settings = computed(() => {
    const now = family()
    return now === null ? [] : settingsNow(now, runs.byId)
  })
  const chosen = computed(() => comparedRuns(settings.value, family()?.baseline ?? null))
  const compared = useCall('compare.table', () => chosen.value?.wish ?? null)
  const answers = computed<readonly Answer[]>(() =>
    compared.data.value === null ? [] : answersOf(compared.data.value, settingNames(settings.value)),
  )
  const left = computed(() => leftWords(chosen.value?.left ?? 0))
  const { data: comparison, problems, isLoading } = compared
  return { settings, comparison, problems, isLoading, answers, left }
}
