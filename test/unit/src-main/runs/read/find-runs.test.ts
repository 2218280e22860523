import { expect, it } from 'vitest'
import { findRuns } from '../../../../../src-main/runs/read/find-runs.ts'
import { runOptions } from '../../../../../src-main/runs/read/run-options.ts'
import { labs } from '../../../../support/lab.ts'
import { problemOf } from '../../../../support/problem-of.ts'

const lab = labs()
const ALL = { status: [], end: [], tag: '', limit: 100, offset: 0 } as const

it('searches in the language of the app: words, fields, options, without, and refuses what nothing has', async () => {
  const { store, add } = lab()
  const a = await add(1, { name: 'Baseline', tags: ['paper'] })
  const b = await add(2, { name: 'Shuffled', trainer: { fn: 'cotrainer', config: { max_iter: 7 } } })
  const options = runOptions(store)
  const found = (search: string, more: object = {}) =>
    findRuns(store, options, { ...ALL, ...more, search }).runs.map(({ id }) => id)
  expect(found('baseLINE')).toEqual([a])
  expect(found('tag:paper seed=1')).toEqual([a])
  expect(found('trainer.max_iter<=7')).toEqual([b])
  expect(found('-tag:paper')).toEqual([b])
  expect(found('status:queued', { tag: 'paper' })).toEqual([a])
  expect(found('status:queued', { limit: 1, offset: 1 })).toHaveLength(1)
  expect(await problemOf(() => found('tga:paper'))).toMatchObject({
    path: 'search',
    message: 'No run has a field “tga”. Did you mean tag?',
  })
})
