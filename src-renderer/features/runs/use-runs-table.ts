import { computed, ref } from 'vue'
import type { Result } from '../../../src-shared/contract/contract.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import type { RunFilter } from '../../../src-shared/run-filter/filter-runs.ts'
import { filterProblems, filterRuns } from '../../../src-shared/run-filter/filter-runs.ts'
import { optionNamed } from '../../../src-shared/run-filter/fields.ts'
import { optionName } from '../../../src-shared/schema/option-names.ts'
import { formatOptionText } from '../../../src-shared/schema/option-value.ts'
import { termsOf } from '../../../src-shared/run-filter/terms.ts'
import type { RunRow } from './group-runs.ts'
import { groupRuns, singleRow } from './group-runs.ts'
import { BASE_COLUMNS, optionColumn, scoreColumn, scoreKeys, tailColumns } from './run-columns.ts'
import { untestedAreas } from '../../../src-shared/contract/score-keys.ts'
import { useRuns } from '../../stores/runs.ts'
import type { TableColumn } from '../../ui/table/table-column.ts'
import { OPTION_COLUMN, useColumnChoice } from '../../ui/table/use-column-choice.ts'
import { useNow } from '../../ui/use/use-now.ts'
import { useRunOptions } from './use-run-options.ts'

const MINUTE = 60_000

/** Rows and columns of the list of runs: filter, grouping over seeds, chosen columns. */
export function useRunsTable() {
  const runs = useRuns()
  const now = useNow()
  const text = ref('')
  const status = ref<RunFilter['status']>('all')
  const rowsAre = ref<'runs' | 'settings'>('runs')
  const choice = useColumnChoice('runs.columns', () => untestedAreas(runs.list))
  const chosenOptions = computed(() =>
    Object.keys(choice.chosen.value)
      .filter((id) => id.startsWith(OPTION_COLUMN) && choice.isShown(id))
      .map((id) => id.slice(OPTION_COLUMN.length)),
  )
  const terms = computed(() => termsOf(text.value))
  const { known, lookup, isLoading, want } = useRunOptions((paths) => [
    ...chosenOptions.value,
    ...terms.value.flatMap((t) => (t.kind === 'field' ? (optionNamed(t.field, paths) ?? []) : [])),
  ])
  const shown = computed(() =>
    filterRuns(runs.list, { text: text.value, status: status.value }, lookup.value),
  )
  const rows = computed<readonly RunRow[]>(() =>
    rowsAre.value === 'runs' ? shown.value.map(singleRow) : groupRuns(shown.value),
  )
  // Names of options come a moment later; until then an unknown name is no fault.
  const problems = computed(() =>
    known.value.length === 0 ? [] : filterProblems(text.value, runs.list, lookup.value),
  )
  /** Ages in the table need no more than a minute's precision; fewer changes, fewer redraws. */
  const minute = computed(() => Math.floor(now.value / MINUTE) * MINUTE)
  const fixed = computed(() => [
    ...BASE_COLUMNS,
    ...scoreKeys(runs.list).map(scoreColumn),
    ...tailColumns(minute.value),
  ])
  const columns = computed(() => {
    const own = fixed.value.filter((c) => choice.isShown(c.id))
    const options = chosenOptions.value.map((path) => optionColumn(path, lookup.value))
    // Behind name and state, where they are seen beside the scores.
    return [...own.slice(0, BASE_COLUMNS.length), ...options, ...own.slice(BASE_COLUMNS.length)]
  })
  const choices = computed(() => columnChoices(fixed.value, known.value, choice.isShown))

  function clear(): void {
    text.value = ''
    status.value = 'all'
  }

  return {
    text,
    status,
    rowsAre,
    shown,
    rows,
    columns,
    choices,
    problems,
    known,
    isLoading,
    want,
    clear,
    toggle: choice.toggle,
  }
}

/** What the dialog of columns offers. The first column, the name, is always there. */
const columnChoices = (
  fixed: readonly TableColumn<RunSummary>[],
  known: Result<'runs.optionPaths'>,
  isShown: (id: string) => boolean,
) => [
  ...fixed.slice(1).map((c) => ({
    id: c.id,
    label: c.help ?? c.label,
    note: '',
    isOn: isShown(c.id),
  })),
  // Options in which the runs differ are what people look for.
  ...known
    .toSorted((a, b) => Number(b.distinct > 1) - Number(a.distinct > 1))
    .map((o) => ({
      id: `${OPTION_COLUMN}${o.path}`,
      label: optionName(o.path),
      note: o.distinct > 1 ? `${o.distinct} values` : formatOptionText(o.path, o.samples[0] ?? ''),
      isOn: isShown(`${OPTION_COLUMN}${o.path}`),
    })),
]
