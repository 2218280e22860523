import { expect, it } from 'vitest'
import { stepWatch } from '../../../../../src-main/engine/train/index.ts'

/** A watch on a clock that each step moves on by so many milliseconds, and what it says after each. */
function timed(steps: readonly number[], { least = 1, most = 100, enoughSeconds = 100 } = {}) {
  let at = 0
  const watch = stepWatch({ now: () => at, untimed: 1, least, most, enoughSeconds })
  const said = steps.map((ms) => {
    at += ms
    return watch.step()
  })
  return { said, seconds: watch.seconds() }
}

it('leaves the first steps out and has the shortest first', () => {
  expect(timed([9000, 300, 100, 200]).seconds).toEqual([0.1, 0.2, 0.3])
})

it('has enough after so many steps, or so many seconds, but never with fewer than the least', () => {
  expect(timed([1, 1, 1, 1], { most: 2 }).said).toEqual([false, false, true, true])
  expect(timed([5000, 600, 600, 600], { enoughSeconds: 1 }).said).toEqual([false, false, true, true])
  expect(timed([1, 5000, 5000, 1], { enoughSeconds: 1, least: 3 }).said).toEqual([false, false, false, true])
})

it('counts what is skipped to no step', () => {
  let at = 0
  const watch = stepWatch({ now: () => at, untimed: 0, least: 1, most: 9, enoughSeconds: 9 })
  at = 700
  watch.skip()
  at = 900
  watch.step()
  expect(watch.seconds()).toEqual([0.2])
})
