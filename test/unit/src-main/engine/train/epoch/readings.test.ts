import { memory } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { disposeAll } from '../../../../../../src-main/engine/train/epoch/gradients.ts'
import { project } from '../../../../../../src-main/engine/train/state/training-state.ts'
import { nativeAvailable, useBackend } from '../../../../../support/backend.ts'
import { countIssued } from '../../../../../support/counted-binding.ts'
import type { NetworkFixture } from '../../../../../support/published/fixture.ts'
import { published, publishedNames } from '../../../../../support/published/fixture.ts'
import { issueStep, openReplay } from '../../../../../support/published/network.ts'
import type { SmallRun } from '../../../../../support/small-training.ts'
import { curves, differing, eventsOf, smallData, train } from '../../../../../support/small-training.ts'

const isNative = await nativeAvailable()
/** 80 steps an epoch: a point of the curves after every second one. */
const long = (): SmallRun => ({
  config: { max_iter: 1, grad_clip: 0.5 } as NonNullable<SmallRun['config']>,
  data: smallData({ images: { count: 160, batch: 2 } }),
})
/** Throws the weights away at once. */
const WILD = { optimizer_options: { lr: 1e12 }, max_iter: 2 }

beforeAll(() => useBackend())

describe.skipIf(!isNative)('a training step waits for nothing (counted at the binding of TensorFlow)', () => {
  for (const name of publishedNames('models')) {
    const fixture = published<NetworkFixture>('models', name)
    for (const ours of fixture.ours)
      it(`${name} as ${ours.fn}`, () => {
        const replay = openReplay(fixture, ours)
        // Past the steps that are given their draws. Replays are compared, which is read: of what is computed the second time, of what
        // changes variables the third.
        const routes = fixture.routes.length
        const first = routes * Math.ceil(fixture.noise.length / routes)
        for (let step = 0; step < 4 * routes; step++) {
          const { issued, stop } = countIssued()
          const { numbers, grads } = issueStep(replay, first + step)
          project(replay.model, replay.state.store)
          stop()
          const time = 1 + Math.floor(step / routes)
          if (time === 1 || time === 4) expect(issued.reads).toBe(0)
          if (time === 1) expect(issued.operations).toBeGreaterThan(20)
          numbers.values.dispose()
          disposeAll(grads)
        }
        replay.state.dispose()
      })
  }

  it('in an epoch too: only the points of the curves are read, and the next batch is uploaded before', async () => {
    const { issued, stop } = countIssued()
    const reads: number[] = []
    const uploads: number[] = []
    let before = 0
    let uploadsBefore = 0
    let hasPoint = false
    await train({
      ...long(),
      readEachBatch: false,
      onEvent: (event) => {
        if (event.kind === 'metrics') hasPoint = true
        if (event.kind !== 'progress' || event.phase !== 'training') return
        if (!hasPoint) {
          reads.push(issued.reads - before)
          uploads.push(issued.uploads - uploadsBefore)
        }
        before = issued.reads
        uploadsBefore = issued.uploads
        hasPoint = false
      },
    })
    stop()
    // The first step comes after what the run and the first evaluation are opened with, the others are compared with their replays.
    expect(reads.length).toBeGreaterThan(30)
    expect(new Set(reads.slice(3))).toEqual(new Set([0]))
    // Images and what they are to be answered with, of one batch: not more is ahead.
    expect(Math.min(...uploads.slice(3))).toBeGreaterThanOrEqual(2)
    expect(Math.max(...uploads.slice(3))).toBeLessThan(2 * Math.min(...uploads.slice(3)))
  })
})

describe('numbers that are read seldom', () => {
  it('make the same curves, weights and checkpoint as numbers that are read at once', async () => {
    const [each, seldom] = [
      await train({ ...long(), readEachBatch: true }),
      await train({ ...long(), readEachBatch: false }),
    ]
    expect(curves(seldom.events)).toEqual(curves(each.events))
    expect(differing(seldom.last.arrays, each.last.arrays)).toEqual([])
    expect(seldom.last.state).toEqual(each.last.state)
  })

  it('are all in the checkpoint of a run that stops between two readings, which then goes on exactly', async () => {
    const whole = await train({ ...long(), readEachBatch: true })
    let step = 0
    const first = await train({
      ...long(),
      readEachBatch: false,
      onEvent: (event) => void (step = event.kind === 'progress' ? event.step : step),
      stopRequest: () => (step >= 33 ? 'now' : 'no'),
    })
    expect(first.last.state['position']).toMatchObject({ step: 33, epoch: 0 })
    const rest = await train({ ...long(), readEachBatch: false, checkpoint: first.last })
    expect(curves(first.events, rest.events)).toEqual(curves(whole.events))
    expect(differing(rest.last.arrays, whole.last.arrays)).toEqual([])
  })

  it('tell of the batch whose loss was not finite, and name no layer after later steps', async () => {
    const each = await train({ ...long(), config: WILD, readEachBatch: true })
    const seldom = await train({ ...long(), config: WILD, readEachBatch: false })
    const found = (run: typeof each) => {
      if (run.result.end.reason !== 'non-finite') throw new Error(run.result.end.reason)
      return run.result.end.divergence
    }
    expect(found(seldom)).toMatchObject({ what: 'loss', task: found(each)?.task, batch: found(each)?.batch })
    expect(found(each)?.layer).not.toBeNull()
    expect(eventsOf(seldom.events, 'mark').some(({ mark }) => mark === 'stop')).toBe(true)
  })

  it('leave nothing on the device', async () => {
    const before = memory().numTensors
    await train({ ...long(), readEachBatch: false })
    await train({ ...long(), config: WILD, readEachBatch: false })
    expect(memory().numTensors).toBe(before)
  })
})
