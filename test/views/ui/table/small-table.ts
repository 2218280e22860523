import { screen, within } from '@testing-library/dom'
import { afterEach, beforeEach, vi } from 'vitest'
import type { Showing } from '../../../support/show.ts'
import DataTable from '../../../../src-renderer/ui/table/DataTable.vue'
import type { TableColumn } from '../../../../src-renderer/ui/table/table-column.ts'
import { byRole, show } from '../../../support/show.ts'

export interface Row {
  readonly id: string
  readonly name: string
  readonly accuracy: number | null
  readonly loss: number
}
export const ROWS: readonly Row[] = [
  { id: 'a', name: 'run 10', accuracy: 91, loss: 0.3 },
  { id: 'b', name: 'run 2', accuracy: null, loss: 0.3 },
  { id: 'c', name: 'run 1', accuracy: 97, loss: 0.5 },
]
export const COLUMNS: readonly TableColumn<Row>[] = [
  { id: 'name', label: 'Name', value: (r) => r.name, width: 10 },
  {
    id: 'accuracy',
    label: 'Accuracy',
    unit: '%',
    help: 'Share of right answers.',
    value: (r) => r.accuracy,
    text: (r) => (r.accuracy === null ? '–' : `${r.accuracy.toFixed(1)}`),
    width: 8,
    isNumber: true,
    goal: 'max',
  },
  { id: 'loss', label: 'Loss', value: (r) => r.loss, width: 8, isNumber: true, goal: 'min' },
]
export const table = (props: Record<string, unknown> = {}, more: Showing = {}) =>
  show(DataTable, {
    ...more,
    props: {
      rows: ROWS,
      columns: COLUMNS,
      rowKey: (r: Row) => r.id,
      rowLabel: (r: Row) => r.name,
      label: 'Runs',
      ...props,
    },
  })
export const bodyRows = () => screen.getAllByRole('row').filter((r) => r.dataset['index'] !== undefined)
export const names = () => bodyRows().map((r) => within(r).getAllByRole('cell')[0]?.textContent.trim())
export const heading = (name: RegExp) => byRole('columnheader', name)
export const sortButton = (name: RegExp) => byRole('button', name)

/** Without a layout the table has no height, and draws nothing. */
export function laidOut(): void {
  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })
}
