import { expect, it } from 'vitest'
import { lineageOf } from '../../../../../src-main/runs/read/lineage.ts'
import { labs } from '../../../../support/lab.ts'

const lab = labs()
const CLEAN = 'FinalTest/img_classification/eval'

it('tells what was changed from parent to child and what the score did', async () => {
  const { store, add } = lab()
  const parent = await add(1)
  const child = await add(1, { trainer: { fn: 'cotrainer', config: { max_iter: 7 } } })
  await store.write({ ...store.read(parent), status: 'finished', scores: { [CLEAN]: 90 } })
  await store.write({ ...store.read(child), status: 'finished', scores: { [CLEAN]: 90.3 }, parent })
  const expected = {
    changes: [{ path: 'trainer.config.max_iter', to: 7 }],
    scores: [{ key: CLEAN, from: 90, to: 90.3 }],
  }
  expect(lineageOf(store, child)).toMatchObject({
    parent: { run: { id: parent }, ...expected },
    children: [],
  })
  expect(lineageOf(store, parent)).toMatchObject({
    parent: null,
    children: [{ run: { id: child }, ...expected }],
  })
  store.remove(parent)
  expect(lineageOf(store, child)).toMatchObject({ parent: null, missingParent: parent })
})
