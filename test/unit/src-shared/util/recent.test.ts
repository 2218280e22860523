import { describe, expect, it } from 'vitest'
import { recently } from '../../../../src-shared/util/recent.ts'

describe('an answer that is kept for a moment', () => {
  const clocked = (takes = 0) => {
    const clock = { now: 0, asked: 0 }
    const ask = () => {
      clock.now += takes
      return Promise.resolve(++clock.asked)
    }
    return { clock, ask, answer: recently(ask, 100, () => clock.now) }
  }

  it('is asked for again when it is too old, and known meanwhile', async () => {
    const { clock, answer } = clocked()
    expect(answer.known()).toBeUndefined()
    expect(await Promise.all([answer.read(), answer.read()])).toEqual([1, 1])
    clock.now = 99
    expect(await answer.read()).toBe(1)
    clock.now = 100
    expect(answer.known()).toBe(1)
    expect(await answer.read()).toBe(2)
  })

  it('is kept for longer where asking takes long', async () => {
    const { clock, answer } = clocked(50)
    await answer.read()
    clock.now = 50 + 499
    expect(await answer.read()).toBe(1)
    clock.now = 50 + 500
    expect(await answer.read()).toBe(2)
  })

  it('is not a fault: that is asked again', async () => {
    let asked = 0
    const answer = recently(
      () => (++asked === 1 ? Promise.reject(new Error('no')) : Promise.resolve(asked)),
      100,
      () => 0,
    )
    await expect(answer.read()).rejects.toThrow('no')
    expect(await answer.read()).toBe(2)
  })
})
