import { expect, it } from 'vitest'
import type { Evaluation } from '../../../../../src-shared/contract/evaluation.ts'
import { shortId, summaryOf } from '../../../../../src-main/store/list/run-summary.ts'
import { labs } from '../../../../support/lab.ts'

const lab = labs()

const made = (at: number, members: readonly string[], scores: Evaluation['scores']): Evaluation => ({
  ...{ key: `k${at}`, version: 1, at, members: [...members], data: null, conditions: {}, baseline: null },
  ...{ scores, notes: [], classNames: [], units: {}, counts: {}, engine: 'cpu' },
})

it('shows what training scored before what was scored later, and of that the newest', async () => {
  const { store, add } = lab()
  const record = { ...store.read(await add(1)), scores: { trained: 1, both: 1 } }
  const newestFirst = [
    made(2, [record.id], { both: 9, later: 2 }),
    made(1, [record.id], { later: 1, old: 1 }),
  ]
  const { scores } = summaryOf(record, store.notes(record.id), newestFirst)
  expect(Object.entries(scores)).toEqual([
    ['trained', 1],
    ['both', 1],
    ['later', 2],
    ['old', 1],
  ])
})

it('shows the scores of an ensemble at its first member alone', async () => {
  const { store, add } = lab()
  const [first, second] = [store.read(await add(1)), store.read(await add(2))]
  const both = [made(1, [first.id, second.id], { 'FinalTest/v1/eval': 0.5 })]
  expect(Object.values(summaryOf(first, store.notes(first.id), both).scores)).toEqual([0.5])
  expect(summaryOf(second, store.notes(second.id), both).scores).toEqual({})
})

it('takes name, tags and note from the notes, and from the config where they say nothing', async () => {
  const { store, add } = lab()
  const id = await add(1, { comment: 'written first', tags: ['paper'] })
  const plain = store.summary(id)
  expect(plain).toMatchObject({ name: 'seed 1', tags: ['paper'], note: 'written first', star: false })
  expect([plain.shortId, plain.readable]).toEqual([shortId(id), true])
  expect(id.startsWith(plain.shortId) && plain.shortId.length === 10).toBe(true)
  const noted = await store.annotate(id, { name: 'best', tags: [], note: 'mine', star: true })
  expect(noted).toMatchObject({ name: 'best', tags: [], note: 'mine', star: true })
})
