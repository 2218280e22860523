import { expect, it } from 'vitest'
import { completeSeeds, parseSeeds } from '../../../../../../src-renderer/features/editor/queue/seed-list.ts'

it('reads seeds with any separator, each once', () => {
  expect(parseSeeds('1000, 2000;3000 2000')).toEqual([1000, 2000, 3000])
})

it('refuses what is not a whole number', () => {
  expect([parseSeeds(''), parseSeeds('1.5'), parseSeeds('-1'), parseSeeds('a')]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

it('completes with the next free seeds of the published steps', () => {
  expect(completeSeeds([2000], 3)).toEqual([2000, 1000, 3000])
  expect(completeSeeds([1, 2, 3], 3)).toEqual([1, 2, 3])
})
