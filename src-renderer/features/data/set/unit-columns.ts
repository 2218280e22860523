import type { Result } from '../../../../src-shared/contract/contract.ts'
import { formatMetric, formatNumber } from '../../../format/number.ts'
import type { TableColumn } from '../../../ui/table/table-column.ts'

export type UnitTables = Result<'data.neurons'>

/** One unit of one session. */
export interface UnitRow {
  readonly key: string
  readonly unit: string
  readonly session: string
  readonly area: string
  /** "dead", "no response", "copy of u3", or nothing. */
  readonly flag: string
  readonly values: Readonly<Record<string, number | null>>
}

const COLUMNS: Readonly<Record<string, { label: string; help: string; whole?: true }>> = {
  oracle: {
    label: 'Oracle',
    help: 'Correlation of single trials with the mean of the other trials of the same image',
  },
  explainable_variance: {
    label: 'Explainable var.',
    help: 'Share of the variance that repeats of an image have in common',
  },
  snr: { label: 'SNR', help: 'Variance that is signal, divided by variance that is noise' },
  mean: { label: 'Mean', help: 'Mean response over trials' },
  variance: { label: 'Variance', help: 'Variance over trials' },
  fano: { label: 'Fano', help: 'Variance divided by mean; 1 for a Poisson process' },
  min: { label: 'Least', help: 'Smallest response' },
  max: { label: 'Greatest', help: 'Largest response' },
  trials: { label: 'Trials', help: 'Trials with a response', whole: true },
  missing: { label: 'Missing', help: 'Trials without a response', whole: true },
}

export const unitColumnLabel = (name: string): string => COLUMNS[name]?.label ?? name.replaceAll('_', ' ')

/** Which numbers the tables have, in reading order. */
export function unitColumnNames(tables: UnitTables): string[] {
  const present = new Set(tables.flatMap((t) => Object.keys(t.columns)))
  return Object.keys(COLUMNS).filter((name) => present.has(name))
}

/** One row per unit over all sessions. */
export const unitRows = (tables: UnitTables): UnitRow[] =>
  tables.flatMap(({ session, area, units, flags, columns }) => {
    const entries = Object.entries(columns)
    return units.map((unit, i) => ({
      key: `${session} ${unit}`,
      unit,
      session,
      area,
      flag: flags[i] ?? '',
      values: Object.fromEntries(entries.map(([name, values]) => [name, values[i] ?? null])),
    }))
  })

const FLAG: TableColumn<UnitRow> = {
  id: 'flag',
  label: 'Flag',
  help: 'What is wrong with the unit',
  value: (r) => (r.flag === '' ? null : r.flag),
  text: (r) => r.flag,
  width: 7.5,
}

/** Columns of the table; session and flag only where they tell something. */
export function unitColumns(
  names: readonly string[],
  { hasSessions, hasFlags }: { hasSessions: boolean; hasFlags: boolean },
): TableColumn<UnitRow>[] {
  return [
    { id: 'unit', label: 'Unit', value: (r) => r.unit, width: 6 },
    ...(hasSessions
      ? [{ id: 'session', label: 'Session', value: (r: UnitRow) => r.session, width: 6.5 }]
      : []),
    ...(hasFlags ? [FLAG] : []),
    ...names.map((name) => ({
      id: name,
      label: unitColumnLabel(name),
      help: COLUMNS[name]?.help ?? '',
      value: (r: UnitRow) => r.values[name] ?? null,
      text: (r: UnitRow) =>
        COLUMNS[name]?.whole === true
          ? (r.values[name] ?? 0).toLocaleString('en')
          : ['oracle', 'explainable_variance'].includes(name)
            ? formatMetric(r.values[name], '')
            : r.values[name] == null
              ? '–'
              : formatNumber(r.values[name], 3),
      width: name === 'explainable_variance' ? 8.5 : 5.5,
      isNumber: true,
    })),
    { id: 'area', label: 'Area', value: (r) => r.area, width: 4.5 },
  ]
}
