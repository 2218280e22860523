import { computed, ref, watch } from 'vue'
import type { OptionLookup } from '../../../src-shared/run-filter/fields.ts'
import { useRuns } from '../../stores/runs.ts'
import { useCall } from '../../ui/use/use-call.ts'

/** Most options that are looked up at once. */
const MOST = 50

/**
 * Options of the configs of all runs: their names once somebody asks (`want`), values only of the paths in use. Asked again
 * when runs come or go.
 */
export function useRunOptions(pathsInUse: (known: readonly string[]) => readonly string[]) {
  const runs = useRuns()
  const isWanted = ref(false)
  const count = computed(() => runs.list.length)
  const paths = useCall('runs.optionPaths', () => (isWanted.value ? {} : null))
  const known = computed(() => paths.data.value ?? [])
  const names = computed(() => known.value.map((o) => o.path))
  const used = computed(() => [...new Set(pathsInUse(names.value))].slice(0, MOST))
  const values = useCall('runs.options', () => (used.value.length === 0 ? null : { paths: used.value }))
  watch(count, () => {
    void paths.reload()
    void values.reload()
  })
  /** Which paths the values at hand belong to: an answer may be older than the question. */
  const places = computed(() => new Map(used.value.map((path, i) => [path, i])))
  const lookup = computed<OptionLookup>(() => {
    const table = values.data.value ?? {}
    const at = places.value
    return {
      paths: names.value,
      value: (id, path) => table[id]?.[at.get(path) ?? -1] ?? null,
    }
  })
  return { known, lookup, isLoading: paths.isLoading, want: () => (isWanted.value = true) }
}
