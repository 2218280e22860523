import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import { warmUpAnswer } from '../../../../../src-shared/contract/calls/config.ts'
import { warmUpHere } from '../../../../../src-main/runs/workers/warm-up.ts'
import { fakeEngine, STEPS_PER_EPOCH } from '../../../../support/fake-engine.ts'
import { smallConfig } from '../../../../support/lab.ts'

const measure = async (config: unknown, parts = fakeEngine) =>
  warmUpAnswer.parse(await warmUpHere(config, '.', parts))

describe('a warm-up', () => {
  it('times eight steps and counts the epochs that can follow', async () => {
    const answer = await measure(smallConfig(1))
    expect(answer).toMatchObject({ problems: [], timedSteps: 8, stepsPerEpoch: STEPS_PER_EPOCH, epochs: 4 })
    const { seconds, secondsPerStep, memoryBytes } = answer
    if (seconds === null || secondsPerStep === null) throw new Error('nothing was timed')
    expect(seconds.training).toBeCloseTo(4 * STEPS_PER_EPOCH * secondsPerStep, 9)
    expect(seconds.total).toBeCloseTo(seconds.start + seconds.training + seconds.evaluation, 9)
    expect(memoryBytes).toBeGreaterThan(1e6)
  })

  it('times whole steps where each of them tells values before its end', async () => {
    const train: typeof fakeEngine.train = async function* (setup) {
      const inner = fakeEngine.train(setup)
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 6))
        const { done, value } = await inner.next()
        if (done === true) return value
        if (value.kind === 'progress')
          yield { kind: 'metrics', step: value.step, epoch: value.epoch, images: 8, values: {} }
        yield value
      }
    }
    const { secondsPerStep } = await measure(smallConfig(1), { ...fakeEngine, train })
    expect(secondsPerStep).toBeGreaterThan(0.004)
  })

  it('says what is wrong with the data instead', async () => {
    const fault = {
      code: 'config-invalid',
      path: 'dataset.config.filter_classes',
      message: 'too far.',
    } as const
    const buildData = () => Promise.reject(new CotrainError(fault))
    const answer = await measure(smallConfig(1), { ...fakeEngine, buildData })
    expect(answer).toMatchObject({ problems: [fault], seconds: null, timedSteps: 0 })
  })

  it('names the options of a wrong config', async () => {
    const answer = await measure({ ...smallConfig(1), trainer: { fn: 'cotrainer', config: { patiense: 3 } } })
    expect(answer.problems[0]).toMatchObject({ path: 'trainer.config.patiense' })
  })
})
