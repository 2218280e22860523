import { expect, it } from 'vitest'
import { readViews, withView } from '../../../../../src-renderer/components/compare/saved-view.ts'

const view = {
  name: 'a',
  runs: ['1'],
  baseline: null,
  grouping: 'runs' as const,
  tab: 'table',
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
  ).toEqual([{ ...view, name: 'y', columns: {}, runs: [] }])
  expect(readViews('nonsense')).toEqual([])
})
