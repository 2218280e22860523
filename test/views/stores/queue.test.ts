import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { useQueue } from '../../../src-renderer/stores/queue.ts'
import type { Showing } from '../../support/show.ts'
import { settled, show } from '../../support/show.ts'

async function started(given: Showing = {}) {
  const shown = await show({ render: () => null }, given)
  const queue = useQueue()
  queue.start()
  await settled()
  return { ...shown, queue, names: () => queue.waiting.map(({ name }) => name).join('') }
}
const idOf = (name: string): string => name.repeat(10)
const waiting = ['a', 'b', 'c'].map((name) => ({ id: idOf(name), name, priority: 0, reason: 'Waits.' }))
const three: Showing['answers'] = {
  'queue.get': () => ({ paused: false, slots: 1, running: [], waiting: structuredClone(waiting) }),
}
const refuse = () => {
  throw new CotrainError({ code: 'run-state', message: 'It runs already.' })
}

describe('the queue', () => {
  it('is loaded with what runs and what waits', async () => {
    const { queue } = await started()
    expect(queue.isLoaded).toBe(true)
    expect(queue.running.map(({ name }) => name)).toEqual(['co-trained, wider'])
    expect(queue.waiting.map(({ reason }) => reason)).toEqual(Array(3).fill('Waits for the one free slot.'))
  })

  it('is not loaded while nothing answers, and is by the news', async () => {
    const { queue, news } = await started({ answers: { 'queue.get': refuse } })
    expect(queue.isLoaded).toBe(false)
    await news('queue.changed', { paused: true, slots: 2, running: [], waiting })
    expect(queue.isLoaded).toBe(true)
    expect(queue.queue).toEqual({ paused: true, slots: 2, running: [], waiting })
  })

  it.each([
    ['c', 0, 'cab'],
    ['a', 2, 'bca'],
    ['b', 9, 'acb'],
    ['f', 0, 'abc'],
  ])('shows %s at place %i before the service has answered', async (name, to, order) => {
    const { queue, names, paramsOf } = await started({
      answers: { ...three, 'queue.move': () => new Promise(() => undefined) },
    })
    void queue.move(idOf(name), to)
    expect(names()).toBe(order)
    expect(paramsOf('queue.move')).toEqual([{ id: idOf(name), to }])
  })

  it('takes the order of the service for the right one', async () => {
    const { queue, names, news } = await started({
      answers: { ...three, 'queue.move': () => ({ ok: true }) },
    })
    await queue.move(idOf('c'), 0)
    expect(names()).toBe('cab')
    await news('queue.changed', { ...queue.queue, waiting })
    expect(names()).toBe('abc')
  })

  it('shows the order as it is when the service refuses to move', async () => {
    const { queue, names } = await started({ answers: { ...three, 'queue.move': refuse } })
    await expect(queue.move(idOf('c'), 0)).rejects.toThrow('It runs already.')
    await settled()
    expect(names()).toBe('abc')
  })

  it('asks for the order when one of two moves is refused', async () => {
    let refuseFirst = (): void => undefined
    const { queue, names, paramsOf } = await started({
      answers: {
        ...three,
        'queue.move': ({ to }) =>
          to === 0
            ? new Promise((_done, fail) => {
                refuseFirst = () => fail(new CotrainError({ code: 'run-state', message: 'It runs already.' }))
              })
            : { ok: true },
      },
    })
    const first = queue.move(idOf('c'), 0)
    await queue.move(idOf('a'), 2)
    expect(names()).toBe('cba')
    const asked = paramsOf('queue.get').length
    refuseFirst()
    await expect(first).rejects.toThrow('It runs already.')
    await settled()
    expect(paramsOf('queue.get')).toHaveLength(asked + 1)
    expect(names()).toBe('abc')
  })

  it('is paused and goes on', async () => {
    const { queue, calls } = await started({ answers: three })
    await queue.setPaused(true)
    expect(queue.queue.paused).toBe(true)
    await queue.setPaused(false)
    expect(queue.queue.paused).toBe(false)
    expect(calls.map(({ method }) => method).slice(-2)).toEqual(['queue.pause', 'queue.resume'])
  })

  it('is not said to be paused when it could not be', async () => {
    const { queue } = await started({ answers: { ...three, 'queue.pause': refuse } })
    await expect(queue.setPaused(true)).rejects.toThrow('It runs already.')
    expect(queue.queue.paused).toBe(false)
  })
})
