import type { Ref } from 'vue'
import { computed, shallowRef, watch } from 'vue'
import type { NeuronTable } from '../../../../src-shared/contract/run.ts'
import type { Problem } from '../../../../src-shared/contract/errors.ts'
import { call } from '../../../api/client.ts'
import { problemsIn } from '../../../api/transport.ts'
import { neuronColumnNames, neuronRows } from '../../run/neurons/neuron-rows.ts'

/** Every number about one unit (`session unit`) in the runs of a row: the mean over those that have it. */
export function useUnit(ids: () => readonly string[], unit: () => string) {
  const tables = shallowRef<readonly (readonly NeuronTable[])[] | null>(null)
  const problems: Ref<readonly Problem[]> = shallowRef([])
  let asked = 0
  watch(
    () => ids().join(),
    async () => {
      const turn = ++asked
      tables.value = null
      try {
        const found = await Promise.all(ids().map((id) => call('runs.neurons', { id })))
        if (turn !== asked) return
        tables.value = found
        problems.value = []
      } catch (error) {
        if (turn === asked) problems.value = problemsIn(error)
      }
    },
    { immediate: true },
  )
  const columns = computed(() => neuronColumnNames((tables.value ?? []).flat()))
  const rows = computed(() =>
    (tables.value ?? []).flatMap((own) => neuronRows(own).filter(({ key }) => key === unit())),
  )
  const valueOf = (column: string): number | null => {
    const values = rows.value.flatMap((row) => row.values[column] ?? [])
    return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length
  }
  return { isLoading: computed(() => tables.value === null), problems, columns, valueOf }
}
