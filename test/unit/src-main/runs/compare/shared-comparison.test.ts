import { expect, it } from 'vitest'
import { compareRuns } from '../../../../../src-main/runs/compare/compare-runs.ts'
import { sharedComparison } from '../../../../../src-main/runs/compare/shared-comparison.ts'
import { labs } from '../../../../support/lab.ts'

const lab = labs()
const ACCURACY = 'FinalTest/img_classification/eval'

it('makes a comparison once, and anew where a score, a note or the question has changed', async () => {
  const { store, add } = lab()
  const [a, b] = [await add(1), await add(2)]
  const score = (id: string, value: number) =>
    store.write({ ...store.read(id), status: 'finished', scores: { [ACCURACY]: value } })
  await score(a, 90)
  await score(b, 91)
  const compare = sharedComparison(store)
  const wish = { ids: [a, b], baseline: a }
  const first = compare(wish)
  expect(first).toEqual(compareRuns(store, wish))
  expect(compare({ source: 'final', baseline: a, bootstrap: false, ids: [a, b] })).toBe(first)

  await score(b, 95)
  const later = compare(wish)
  expect(later.metrics.find(({ key }) => key === ACCURACY)?.values).toEqual([90, 95])
  await store.annotate(b, { name: 'called otherwise' })
  expect(compare(wish).runs.map(({ name }) => name)).toContain('called otherwise')
  expect(compare({ ...wish, baseline: null }).baseline).toBeNull()
  expect(compare({ ...wish, source: 'last' }).source).toBe('last')
})
