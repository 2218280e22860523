import { memory, tensor1d } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  accumulate,
  clipToNorm,
  disposeAll,
  globalNorm,
  gradientBalance,
} from '../../../../../../src-main/engine/train/epoch/gradients.ts'
import { createReplayer } from '../../../../../../src-main/engine/tensor/index.ts'
import { useBackend } from '../../../../../support/backend.ts'
import { eventsOf, train } from '../../../../../support/small-training.ts'

const grads = (values: Record<string, number[]>) =>
  new Map(Object.entries(values).map(([k, v]) => [k, tensor1d(v)]))

const by = () => ({ replayer: createReplayer(), era: 1 })

describe('gradients', () => {
  beforeAll(() => useBackend())

  it('have a norm over all parameters', async () => {
    expect(await globalNorm(grads({ a: [3, 0], b: [4] }))).toBeCloseTo(5, 6)
    expect(await globalNorm(new Map())).toBe(0)
  })

  it('balance: norms over everything and over what both have, and the cosine there', async () => {
    const neural = grads({ core: [1, 1], readout: [2] })
    const images = grads({ core: [1, -3], head: [1] })
    const { normA, normB, shared } = await gradientBalance(neural, images)
    expect(normA).toBeCloseTo(Math.sqrt(6), 6)
    expect(normB).toBeCloseTo(Math.sqrt(11), 6)
    expect(shared?.normA).toBeCloseTo(Math.sqrt(2), 6)
    expect(shared?.normB).toBeCloseTo(Math.sqrt(10), 6)
    expect(shared?.cosine).toBeCloseTo(-2 / (Math.sqrt(2) * Math.sqrt(10)), 6)
    expect((await gradientBalance(neural, grads({ head: [1] }))).shared).toBeNull()
    expect((await gradientBalance(neural, grads({ core: [0, 0] }))).shared?.cosine).toBeNull()
  })

  it('add up where they were taken apart', () => {
    const pending = grads({ a: [1, 2] })
    accumulate(pending, grads({ a: [10, 20], b: [5] }), by())
    expect([...(pending.get('a')?.dataSync() ?? [])]).toEqual([11, 22])
    expect([...(pending.get('b')?.dataSync() ?? [])]).toEqual([5])
  })

  it('are scaled down to a norm and never up', async () => {
    const long = grads({ a: [3], b: [4] })
    clipToNorm(long, 1, by())
    expect(await globalNorm(long)).toBeCloseTo(1, 6)
    const short = grads({ a: [0.3], b: [0.4] })
    clipToNorm(short, 1, by())
    expect(await globalNorm(short)).toBeCloseTo(0.5, 6)
  })

  it('leave no tensor behind', async () => {
    const before = memory().numTensors
    const pending = grads({ a: [1] })
    accumulate(pending, grads({ a: [2], b: [3] }), by())
    clipToNorm(pending, 0.1, by())
    await globalNorm(pending)
    await gradientBalance(pending, pending)
    disposeAll(pending)
    expect(memory().numTensors).toBe(before)
  })

  it('are reported for each task, with the cosine between them', async () => {
    const { events } = await train({ config: { max_iter: 1 } })
    const points = eventsOf(events, 'metrics').filter((e) => 'Training/grad_cosine' in e.values)
    expect(points.length).toBeGreaterThan(2)
    for (const { values } of points) {
      expect(Math.abs(values['Training/grad_cosine'] as number)).toBeLessThanOrEqual(1)
      expect(values['Training/neural/grad_norm']).toBeGreaterThan(0)
      expect(values['Training/img_classification/grad_norm']).toBeGreaterThan(0)
      for (const task of ['neural', 'img_classification']) {
        const [shared, whole] = [
          values[`Training/${task}/shared_grad_norm`]!,
          values[`Training/${task}/grad_norm`]!,
        ]
        expect(shared).toBeGreaterThan(0)
        expect(shared).toBeLessThan(whole)
      }
    }
  })
})
