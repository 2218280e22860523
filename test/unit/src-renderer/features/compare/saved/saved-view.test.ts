import { expect, it } from 'vitest'
import {
  readAddress,
  writeAddress,
} from '../../../../../../src-renderer/features/compare/saved/compare-address.ts'
import {
  addressOfView,
  viewOfAddress,
} from '../../../../../../src-renderer/features/compare/saved/compare-address.ts'
import { boardsOf } from '../../../../../../src-renderer/features/compare/saved/boards.ts'
import {
  readViews,
  renamedView,
  restoredView,
  withView,
} from '../../../../../../src-renderer/features/compare/saved/saved-view.ts'

const view = {
  name: 'a',
  runs: ['1'],
  filter: null,
  baseline: null,
  grouping: 'runs' as const,
  tab: 'table',
  source: 'final' as const,
  spread: 'sem' as const,
  sort: [{ id: 'n', desc: true }],
  columns: { x: true },
}

it('replaces a view of the same name in its place', () => {
  const views = withView(withView([view], { ...view, name: 'b' }), { ...view, runs: ['2'] })
  expect(views.map((v) => `${v.name}${v.runs[0]}`)).toEqual(['a2', 'b1'])
})

it('reads back what it wrote and drops what is broken', () => {
  expect(readViews(JSON.parse(JSON.stringify([view])))).toEqual([view])
  expect(
    readViews([null, 3, { name: 'x' }, { name: 'x', runs: [1] }, { name: 'y', runs: [], grouping: 'other' }]),
  ).toEqual([{ ...view, name: 'y', columns: {}, runs: [], sort: [] }])
  expect(readViews('nonsense')).toEqual([])
})

it('takes another name, but none that another view has', () => {
  const views = [view, { ...view, name: 'b' }]
  expect(renamedView(views, 'a', ' c ').map((v) => v.name)).toEqual(['c', 'b'])
  expect(renamedView(views, 'a', 'b')).toEqual(views)
  expect(renamedView(views, 'a', ' ')).toEqual(views)
})

it('comes back to its place, beside a view that was saved under its name since', () => {
  const views = [
    { ...view, name: 'b' },
    { ...view, name: 'c' },
  ]
  expect(restoredView(views, view, 1).map((v) => v.name)).toEqual(['b', 'a', 'c'])
  expect(restoredView([view], view, 0).map((v) => v.name)).toEqual(['a (2)', 'a'])
})

it('stands in the address as a whole', () => {
  const full = {
    ...view,
    filter: 'accuracy>90 tag:x',
    baseline: 'b',
    grouping: 'seeds' as const,
    tab: 'options',
    source: 'at-best' as const,
    spread: 'bootstrap' as const,
    columns: { 'FinalTest/v1/eval': false, 'Time/seconds': true },
  }
  const address = addressOfView(full)
  expect(readAddress(writeAddress(address))).toEqual(address)
  expect(viewOfAddress(address, 'a')).toEqual(full)
  expect(writeAddress(readAddress({}))).toEqual({})
})

it('offers a board for each headline score that finished runs have', () => {
  const run = (scores: Record<string, number>) => ({ id: 'r', scores }) as never
  const boards = boardsOf([
    run({ 'FinalTest/img_classification/eval': 90, 'fly_c_test fog 1/img_classification/eval': 50 }),
  ])
  expect(boards.map((b) => b.name)).toEqual([
    'Board: accuracy',
    'Board: mean corrupted accuracy',
    'Board: robustness against the baseline',
  ])
  expect(boards[0]?.sort).toEqual([{ id: 'FinalTest/img_classification/eval', desc: true }])
  expect(boardsOf([])).toEqual([])
})
