import { expect, it } from 'vitest'
import { writeFileAtomic } from '../../../../../src-main/disk/atomic-write.ts'
import {
  changeSettings,
  readSettings,
  rememberedUi,
  rememberUi,
} from '../../../../../src-main/runs/home/settings-file.ts'
import { openRunStore } from '../../../../../src-main/store/run-store.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const open = () => openRunStore({ home: temporaryFolder(), disk: { writeFile: writeFileAtomic } })

it('keeps all that is asked to be remembered at the same moment, and tells it to who asks then', async () => {
  const store = open()
  const written = ['demo', 'recent', 'colour'].map((key, i) => rememberUi(store, key, i))
  expect(await rememberedUi(store)).toEqual({ demo: 0, recent: 1, colour: 2 })
  await Promise.all(written)
  store.close()
})

it('keeps settings that two windows change at the same moment', async () => {
  const store = open()
  await Promise.all([changeSettings(store, { threads: 2 }), changeSettings(store, { author: 'A. Person' })])
  expect(readSettings(store)).toMatchObject({ threads: 2, author: 'A. Person' })
  store.close()
})

it('goes on after a change that could not be written', async () => {
  const store = open()
  const refused = rememberUi(store, 'large', 'x'.repeat(2_000_000))
  const next = rememberUi(store, 'small', 'x')
  await expect(refused).rejects.toThrow('cannot remember more than 1 MB')
  await next
  expect(await rememberedUi(store)).toEqual({ small: 'x' })
  store.close()
})
