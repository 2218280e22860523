import { expect, it } from 'vitest'
import {
  neuronColumnNames,
  neuronColumns,
  neuronRows,
} from '../../../../../../src-renderer/features/run/neurons/neuron-rows.ts'

const tables = [
  {
    session: 's1',
    area: 'V1',
    units: ['u1', 'u2'],
    columns: { ceiling: [0.9, null], own: [1, 2], avg_correlation: [0.5, 0.6] },
  },
  { session: 's2', area: 'V4', units: ['u1'], columns: { avg_correlation: [0.7] } },
]

it('makes one row per unit over all sessions, missing values null', () => {
  const rows = neuronRows(tables)
  expect(rows.map((r) => [r.key, r.area, r.values['avg_correlation'], r.values['ceiling'] ?? null])).toEqual([
    ['s1 u1', 'V1', 0.5, 0.9],
    ['s1 u2', 'V1', 0.6, null],
    ['s2 u1', 'V4', 0.7, null],
  ])
})

it('shows known scores first and own columns too', () => {
  const names = neuronColumnNames(tables)
  expect(names).toEqual(['avg_correlation', 'ceiling', 'own'])
  expect(
    neuronColumns(names)
      .map((c) => c.label)
      .slice(3),
  ).toEqual(['Corr. to avg.', 'Ceiling', 'own'])
})
