import { describe, expect, it } from 'vitest'
import RunningCard from '../../../../src-renderer/features/queue/RunningCard.vue'
import { byRole, show } from '../../../support/show.ts'

const AT = 1_000_000
const progress = {
  phase: 'training',
  detail: '',
  epoch: 3,
  epochs: 12,
  step: 2900,
  stepOfEpoch: 86,
  stepsPerEpoch: 938,
  fraction: 0.09,
  imagesPerSecond: 1843,
  secondsLeft: 120,
  loaderWait: 0.013,
  memoryBytes: 2 ** 30,
  at: AT,
}
const props = { id: 'a1', name: 'V1 seed 2', progress, now: AT + 500, isStopping: false, device: 'CPU' }

describe('the card of a running run', () => {
  it('says how far it is, how fast and on what', async () => {
    const { text } = await show(RunningCard, { props })
    expect(text()).toContain('CPU, step 86 of 938, 1843 images/s, 1.3 % waiting for data, 1.0 GiB memory')
    expect(byRole('progressbar', 'Progress of V1 seed 2')).toBeDefined()
    expect(byRole('link', 'V1 seed 2').getAttribute('href')).toBe('/runs/a1')
  })

  it('stops now or after the epoch, and the epoch once only', async () => {
    const { user, emitted, change } = await show(RunningCard, { props })
    await user.click(byRole('button', /Finish epoch/))
    await user.click(byRole('button', 'Stop now'))
    expect(emitted.map(({ values }) => values)).toEqual([['epoch'], ['now']])
    await change({ isStopping: true })
    await user.click(byRole('button', /Finish epoch/))
    expect(emitted).toHaveLength(2)
  })

  it('says that it starts before there is progress', async () => {
    const { text } = await show(RunningCard, { props: { ...props, progress: null } })
    expect(text()).toContain('Starting on the CPU')
  })
})
