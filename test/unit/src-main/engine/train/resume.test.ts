import { beforeAll, describe, expect, it } from 'vitest'
import type { Checkpoint } from '../../../../../src-main/engine/types.ts'
import { nativeAvailable, useBackend } from '../../../../support/backend.ts'
import type { SmallOutcome, SmallRun } from '../../../../support/small-training.ts'
import { curves, differing, smallData, train } from '../../../../support/small-training.ts'

/** Everything that holds state: momentum, learned weights, dropout-free noise of readouts, a schedule that drops, rounds that restore. */
const RUN: SmallRun = {
  config: {
    loss_weighing: true,
    avg_loss: undefined,
    scheduler: 'adaptive',
    scheduler_options: { mtl: true },
    patience: 0,
    lr_decay_steps: 4,
    max_iter: 3,
    interval: 1,
  },
}

interface Interrupted {
  readonly first: SmallOutcome
  readonly second: SmallOutcome
}

/** Stops at the k-th look at the stop request, goes on from the last checkpoint. */
async function interrupt(run: SmallRun, k: number, when: 'now' | 'epoch' = 'now'): Promise<Interrupted> {
  let looks = 0
  const first = await train({ ...run, stopRequest: () => (looks++ >= k ? when : 'no') })
  const second = await train({ ...run, checkpoint: first.last })
  return { first, second }
}

async function countLooks(run: SmallRun): Promise<number> {
  let looks = 0
  await train({ ...run, stopRequest: () => (looks++, 'no') })
  return looks
}

function expectEqual(whole: SmallOutcome, { first, second }: Interrupted): void {
  expect(first.result.end.reason).toBe('asked')
  expect(second.result.end.reason).not.toBe('asked')
  expect(differing(whole.result.weights, second.result.weights)).toEqual([])
  expect(differing(whole.result.arrays, second.result.arrays)).toEqual([])
  expect(differing(whole.last.arrays, second.last.arrays)).toEqual([])
  expect(second.result.scores).toEqual(whole.result.scores)
  expect(second.last.state).toEqual(whole.last.state)
  expect(curves(first.events, second.events)).toEqual(curves(whole.events))
}

const hasNative = await nativeAvailable()

describe.each(['wasm', 'native'] as const)('a run stopped and gone on, %s', (name) => {
  const usable = name === 'wasm' || hasNative
  const test = it.skipIf(!usable)
  beforeAll(async () => {
    if (usable) await useBackend(name)
  })

  test('equals the uninterrupted run bit for bit, wherever it was stopped', async () => {
    const whole = await train(RUN)
    const looks = await countLooks(RUN)
    expect(looks).toBeGreaterThan(30)
    for (let k = 0; k < looks; k += name === 'wasm' ? 4 : 3) expectEqual(whole, await interrupt(RUN, k))
  })

  test('equals it when stopped after an epoch, also where several epochs lie between evaluations', async () => {
    for (const interval of [1, 2]) {
      const run = { config: { ...RUN.config, interval, max_iter: 4 } }
      const whole = await train(run)
      const stopped = await interrupt(run, 0, 'epoch')
      expectEqual(whole, stopped)
      const state = stopped.first.last.state as { position: { epoch: number } }
      expect(state.position.epoch).toBe(1)
    }
  })

  test('equals it when stopped twice', async () => {
    const whole = await train(RUN)
    const { first, second: _ } = await interrupt(RUN, 2)
    let looks = 0
    const between = await train({
      ...RUN,
      checkpoint: first.last,
      stopRequest: () => (looks++ > 9 ? 'now' : 'no'),
    })
    const last = await train({ ...RUN, checkpoint: between.last })
    expect(differing(whole.result.weights, last.result.weights)).toEqual([])
    expect(curves(first.events, between.events, last.events)).toEqual(curves(whole.events))
  })
})

describe('the curve of an epoch of many steps', () => {
  beforeAll(() => useBackend())

  it('is the same although the run was stopped between two of its points', async () => {
    const data = smallData({ tasks: ['img_classification'], images: { count: 240, batch: 2 } })
    const losses = { loss_functions: { img_classification: 'CrossEntropyLoss' }, avg_loss: undefined }
    const run = { data, config: { ...losses, max_iter: 1, add_final_train_eval: false } }
    const whole = await train(run)
    const points = Object.keys(curves(whole.events)).filter((key) =>
      key.startsWith('Training/img_classification/loss'),
    )
    expect(points.length).toBeLessThan(100)
    for (const k of [20, 21]) {
      const { first, second } = await interrupt(run, k)
      expect(curves(first.events, second.events)).toEqual(curves(whole.events))
    }
  })
})

describe('modules that look back at the start', () => {
  beforeAll(() => useBackend())

  it.each([
    ['lottery_ticket', { lottery_ticket: { rounds: 2, round_length: 1, percent_to_prune: 50 } }],
    ['rdm_prediction', { rdm_prediction: { lambda: 0.5 } }],
  ])('%s goes on alike although the weights it started from are gone', async (_name, config) => {
    const start = (await train({ seed: 9 })).result.weights
    const run = { config: { ...SHORT, ...config }, start }
    const whole = await train(run)
    let looks = 0
    const first = await train({ ...run, stopRequest: () => (looks++ >= 9 ? 'now' : 'no') })
    const second = await train({ ...run, start: null, checkpoint: first.last })
    expect(differing(whole.result.weights, second.result.weights)).toEqual([])
  })
})

const SHORT = { max_iter: 2 }

describe('a checkpoint of another model', () => {
  beforeAll(() => useBackend())

  it('is refused with the tensor that does not fit', async () => {
    const { last } = await train(RUN)
    const arrays = new Map([...last.arrays].filter(([name]) => !name.startsWith('param/v1_readout')))
    const other: Checkpoint = { arrays, state: last.state }
    await expect(train({ ...RUN, checkpoint: other })).rejects.toMatchObject({ code: 'file-invalid' })
  })
})
