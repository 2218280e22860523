import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { CompareAddress } from '../saved/compare-address.ts'
import { readAddress, writeAddress } from '../saved/compare-address.ts'
import { naturalBaseline } from './natural-baseline.ts'
import { isAskedFor } from '../table/compare-columns.ts'
import { filterRuns } from '../../../../src-shared/run-filter/filter-runs.ts'
import { useMemory } from '../../../stores/memory.ts'
import { useRuns } from '../../../stores/runs.ts'

/** The service compares at most so many runs. */
export const MOST_RUNS = 200
const COLUMNS = 'compare.columns'

/** What is compared and how, kept in the address, so that back, forward and a copied link work. */
export function useCompareAddress() {
  const route = useRoute()
  const router = useRouter()
  const runs = useRuns()
  const memory = useMemory()

  const address = computed(() => readAddress(route.query))
  /** The runs named, or the newest that the filter finds now. */
  const found = computed(() => {
    const { filter, runs: named } = address.value
    if (filter === null) return named.filter((id) => runs.state === 'loading' || runs.byId.has(id))
    return filterRuns(runs.list, { text: filter, status: 'all' }).map((r) => r.id)
  })
  const ids = computed(() => withBaseline(found.value, address.value.baseline).slice(0, MOST_RUNS))
  /** The run pinned, or the one that suggests itself. */
  const baseline = computed(() => {
    const wanted = address.value.baseline
    if (wanted === null) return naturalBaseline(ids.value.flatMap((id) => runs.byId.get(id) ?? []))
    return ids.value.includes(wanted) ? wanted : null
  })
  const put = (change: Partial<CompareAddress>): void => {
    const next = { ...address.value, ...change }
    // Another page may have been opened by the same key stroke.
    if (route.path === '/compare') void router.replace({ path: '/compare', query: writeAddress(next) })
  }
  const open = (next: CompareAddress): void =>
    void router.push({ path: '/compare', query: writeAddress(next) })

  const columns = computed(() => address.value.columns ?? memory.read<Record<string, boolean>>(COLUMNS, {}))
  const isShown = (id: string): boolean => columns.value[id] ?? (!id.includes('/') || isAskedFor(id))
  const toggle = (id: string): void => {
    const next = { ...columns.value, [id]: !isShown(id) }
    memory.write(COLUMNS, next)
    put({ columns: next })
  }
  return { address, found, ids, baseline, put, open, isShown, toggle }
}

/** A pinned baseline is never among the runs that are too many. */
function withBaseline(ids: readonly string[], baseline: string | null): readonly string[] {
  if (baseline === null || ids.length <= MOST_RUNS || !ids.includes(baseline)) return ids
  return [baseline, ...ids.filter((id) => id !== baseline)]
}
