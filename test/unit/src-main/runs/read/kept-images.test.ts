import { expect, it } from 'vitest'
import { keptTestImages } from '../../../../../src-main/runs/read/kept-images.ts'
import type { TestImages } from '../../../../../src-main/runs/read/test-images.ts'

const opened: string[] = []
const opener = (holdsFile: boolean) =>
  keptTestImages((id) => {
    opened.push(id)
    return Promise.resolve({ fingerprint: id, holdsFile } as TestImages)
  })

it('looks through the set of one run once, and through that of another again', async () => {
  opened.length = 0
  const open = opener(false)
  for (const id of ['a', 'a', 'b', 'a']) expect((await open(id)).fingerprint).toBe(id)
  expect(opened).toEqual(['a', 'b', 'a'])
})

it('does not keep images whose file is closed after use', async () => {
  opened.length = 0
  const open = opener(true)
  await open('a')
  await open('a')
  expect(opened).toEqual(['a', 'a'])
})
