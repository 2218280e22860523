import { describe, expect, it } from 'vitest'
import RunProgressCard from '../../../../src-renderer/features/run/RunProgressCard.vue'
import { byRole, show } from '../../../support/show.ts'

const progress = {
  phase: 'training',
  detail: '',
  epoch: 3,
  epochs: 12,
  step: 2345,
  stepOfEpoch: 469,
  stepsPerEpoch: 938,
  fraction: 0.5,
  imagesPerSecond: 1843.4,
  secondsLeft: 190,
  loaderWait: 0.0131,
  memoryBytes: null,
  at: 1_000_000,
}
const card = (more: object = {}, now = 1_000_500) =>
  show(RunProgressCard, { props: { progress: { ...progress, ...more }, now } })
const bar = (): string | null => byRole('progressbar', 'Progress of this run').getAttribute('aria-valuenow')

describe('the progress of a run', () => {
  it('says epoch, step, time left, speed and wait for data', async () => {
    const { text } = await card()
    expect(text()).toContain('Epoch 3 of 12, step 469 of 938')
    expect(text()).toContain('at most 3 min 10 s left')
    expect(text()).toContain('1843 images/s')
    expect(text()).toContain('1.3 % waiting for data')
    expect(text()).not.toContain('no news')
    expect(bar()).toBe('21')
  })

  it('names the phase between epochs, when the epoch counts as done', async () => {
    const { text } = await card({ phase: 'validating', detail: 'v1 validation', secondsLeft: null })
    expect(text()).toContain('Validating: V1 validation')
    expect(text()).toContain('time left unknown')
    expect(bar()).toBe('25')
  })

  it('leaves out what is not measured', async () => {
    const { text } = await card({ imagesPerSecond: null, loaderWait: null })
    expect(text()).not.toContain('images/s')
    expect(text()).not.toContain('waiting for data')
  })

  it('says when nothing was heard for long', async () => {
    const { text, change } = await card({}, 1_000_000 + 14_000)
    expect(text()).not.toContain('no news')
    await change({ now: 1_000_000 + 75_000 })
    expect(text()).toContain('no news for 1 min 15 s')
  })

  it('says that the run starts before there is progress', async () => {
    const { text } = await show(RunProgressCard, { props: { progress: null, now: 0 } })
    expect(text()).toBe('Starting')
    expect(bar()).toBeNull()
  })
})
