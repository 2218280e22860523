import { beforeAll, describe, expect, it } from 'vitest'
import type { Checkpoint } from '../../../../../src-main/engine/types.ts'
import { useBackend } from '../../../../support/backend.ts'
import type { SmallRun } from '../../../../support/small-training.ts'
import { differing, eventsOf, train } from '../../../../support/small-training.ts'

/** Momentum, a schedule that drops at round ends, rounds that restore: what a longer run must take over. */
const CONFIG = {
  loss_weighing: true,
  avg_loss: undefined,
  scheduler: 'adaptive',
  scheduler_options: { mtl: true },
  patience: 0,
  lr_decay_steps: 9,
}

/** The checkpoints of a run by epoch, as a store keeps them. */
async function checkpoints(run: SmallRun) {
  const outcome = await train(run)
  const made = eventsOf(outcome.events, 'checkpoint')
  const at = (epoch: number): Checkpoint => {
    const found = made.find((event) => event.epoch === epoch)
    if (found === undefined) throw new Error(`no checkpoint of epoch ${epoch}`)
    return found.checkpoint
  }
  return { ...outcome, at }
}

describe('a training that goes on', () => {
  beforeAll(() => useBackend())

  it('from 2 to 4 epochs equals 4 epochs from the start bit for bit', async () => {
    const short = await checkpoints({ config: { ...CONFIG, max_iter: 2 } })
    const longer = await train({ config: { ...CONFIG, max_iter: 4 }, checkpoint: short.at(2) })
    const whole = await train({ config: { ...CONFIG, max_iter: 4 } })
    expect(differing(whole.result.weights, longer.result.weights)).toEqual([])
    expect(differing(whole.last.arrays, longer.last.arrays)).toEqual([])
    expect(longer.result.scores).toEqual(whole.result.scores)
    expect(longer.result.end).toEqual(whole.result.end)
  })

  it('from epoch 3 of 5 equals the first time', async () => {
    const run = { config: { ...CONFIG, max_iter: 5 } }
    const first = await checkpoints(run)
    const again = await train({ ...run, checkpoint: first.at(3) })
    expect(differing(first.result.weights, again.result.weights)).toEqual([])
    expect(again.result.scores).toEqual(first.result.scores)
  })

  it('after early stopping with more patience, from the last evaluation', async () => {
    const config = { ...CONFIG, lr_decay_steps: 1, max_iter: 30, threshold: 1000 }
    const stopped = await checkpoints({ config })
    expect(stopped.result.end.reason).toBe('rounds')
    const { epoch } = eventsOf(stopped.events, 'checkpoint').at(-1) ?? { epoch: NaN }
    const on = await train({ config: { ...config, patience: 2 }, checkpoint: stopped.at(epoch) })
    const trained = eventsOf(on.events, 'checkpoint').map((event) => event.epoch)
    expect(trained.at(-1)).toBeGreaterThan(epoch)
  })
})
