import { SECONDS } from '../../../../src-shared/contract/metric-keys.ts'
import type { Ref } from 'vue'
import { computed, ref } from 'vue'
import type { CompareAddress } from '../saved/compare-address.ts'
import { compareColumns } from './compare-columns.ts'
import { compareRows, shownDifferences } from './compare-rows.ts'
import type { Comparison } from '../base/comparison.ts'
import type { Shown } from './shown-table.ts'
import { sortRows } from './sort-rows.ts'
import { metricInfo } from '../../../../src-shared/contract/metrics.ts'
import { orderedScoreKeys, shortScoreLabel } from '../../../../src-shared/contract/score-keys.ts'
import { useMemory } from '../../../stores/memory.ts'

const IGNORED = 'compare.ignored'

/** Rows and columns of the comparison as they are shown: chosen columns, ignored options, unfolded settings, order. */
export function useCompareTable(
  table: Readonly<Ref<Comparison | null>>,
  address: Readonly<Ref<CompareAddress>>,
  isShown: (id: string) => boolean,
) {
  const memory = useMemory()
  const unfolded = ref<ReadonlySet<string>>(new Set())
  const ignored = computed<ReadonlySet<string>>(() => new Set(memory.read<string[]>(IGNORED, [])))
  const ignore = (path: string): void => memory.write(IGNORED, [...ignored.value, path])
  const heed = (): void => memory.write(IGNORED, [])

  const rows = computed(() => {
    const { grouping, spread } = address.value
    const wish = { spread, unfolded: unfolded.value, ignored: ignored.value }
    return table.value === null ? [] : compareRows(table.value, grouping, wish)
  })
  const columns = computed(() =>
    table.value === null
      ? []
      : compareColumns(table.value, address.value.grouping, { isShown, ignored: ignored.value }),
  )
  const shown = computed<Shown | null>(() => {
    const { grouping, spread, sort } = address.value
    if (table.value === null) return null
    const sorted = sortRows(rows.value, columns.value, sort)
    return { comparison: table.value, grouping, spread, rows: sorted, columns: columns.value }
  })

  /** What the column chooser lists. */
  const choosable = computed(() => {
    const c = table.value
    if (c === null) return []
    const keys = c.metrics.map((m) => m.key)
    const time = keys.filter((k) => k === SECONDS)
    const scores = [...orderedScoreKeys(keys), ...time].map((key) => ({
      id: key,
      label: shortScoreLabel(key),
      detail: metricInfo(key).label,
    }))
    const options = shownDifferences(c, address.value.grouping, ignored.value).map(({ path }) => ({
      id: path,
      label: path,
      detail: path,
    }))
    return [
      { title: 'Scores', columns: scores },
      { title: 'Options that differ', columns: options },
    ].filter((g) => g.columns.length > 0)
  })

  function unfold(key: string): void {
    const next = new Set(unfolded.value)
    if (!next.delete(key)) next.add(key)
    unfolded.value = next
  }

  return { rows, columns, shown, choosable, unfolded, unfold, ignored, ignore, heed }
}
