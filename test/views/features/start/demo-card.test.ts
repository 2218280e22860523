import { screen, waitFor } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { RunStatus } from '../../../../src-shared/contract/run.ts'
import DemoCard from '../../../../src-renderer/features/start/DemoCard.vue'
import { useRuns } from '../../../../src-renderer/stores/runs.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'

const RUNS = demoRuns().map(({ summary }) => summary)
const IDS = RUNS.map(({ id }) => id)
const note = 'Three small runs.'
/** The demo was started before, with the runs of these numbers. */
const started = (...at: number[]): Answers => ({
  'ui.get': () => ({ demo: { ids: at.map((i) => IDS[i]), note } }),
})
const card = (answers: Answers = {}) => show(inMotion(DemoCard), { answers })
const startButton = () => byRole('button', /^Run the demo/)
const lines = () => screen.getAllByRole('listitem').map((l) => l.textContent.replaceAll(/\s+/g, ' ').trim())
const become = async (i: number, status: RunStatus) => {
  const run = RUNS[i]
  if (run !== undefined) useRuns().put({ ...run, status })
  await settled()
}

describe('the demo before its start', () => {
  it('says what it does, and how long each size takes', async () => {
    const { user, text } = await card()
    expect(screen.getByRole('heading', { level: 2 }).textContent).toMatch(/more robust\?$/)
    expect(byRole('radio', 'To this machine')).toHaveProperty('checked', true)
    expect(text()).toContain('About ten minutes at most.')
    await user.click(byRole('radio', 'Quick'))
    expect(text()).toContain('About two minutes')
    await user.click(byRole('radio', 'Full'))
    expect(text()).toContain('All digits and three seeds')
    expect(text()).not.toContain('About')
  })

  it('starts in the chosen size, remembers its runs and shows them', async () => {
    const { user, paramsOf, text } = await card()
    await user.click(byRole('radio', 'Quick'))
    await user.click(startButton())
    await settled()
    expect(paramsOf('demo.start')).toEqual([{ size: 'quick' }])
    expect(paramsOf('ui.set')).toContainEqual({
      key: 'demo',
      value: { ids: IDS.slice(0, 3), note: 'Three runs of about one minute each, sized to this machine.' },
    })
    expect(text()).toContain('sized to this machine.')
    expect(screen.getAllByRole('listitem')).toHaveLength(3)
  })

  it('does not start twice while it starts', async () => {
    let answer: (() => void) | undefined
    const { user, paramsOf } = await card({
      'demo.start': () => new Promise((done) => (answer = () => done({ ids: [], note: '' }))),
    })
    await user.click(startButton())
    expect(startButton().getAttribute('aria-disabled')).toBe('true')
    await user.click(startButton())
    answer?.()
    await settled()
    expect(paramsOf('demo.start')).toHaveLength(1)
    expect(startButton().hasAttribute('aria-disabled')).toBe(false)
  })

  it('says why it cannot start and can be started again', async () => {
    const { user, paramsOf, text } = await card({
      'demo.start': () => {
        throw new CotrainError({ code: 'disk-full', message: 'The disk is full.', hint: 'Free 2 GiB.' })
      },
    })
    await user.click(startButton())
    await settled()
    expect(text()).toContain('The disk is full.')
    expect(text()).toContain('Free 2 GiB.')
    expect(paramsOf('ui.set').filter(({ key }) => key === 'demo')).toEqual([])
    await user.click(startButton())
    expect(paramsOf('demo.start')).toHaveLength(2)
  })
})

describe('the demo after its start', () => {
  it('shows each run with its scores and says that one seed is no evidence', async () => {
    const { text } = await card(started(0, 1, 2))
    const [baseline, cotrained] = RUNS
    const percent = (key: string, i: number) => `${RUNS[i]?.scores[key]?.toFixed(1)} %`
    const image = 'FinalTest/img_classification/eval'
    const corrupted = 'Robustness/mean_corrupted_accuracy'
    expect(lines()[0]).toBe(
      `${baseline?.name}accuracy ${percent(image, 0)}corrupted ${percent(corrupted, 0)} finished`,
    )
    const facts = `accuracy ${percent(image, 1)}corrupted ${percent(corrupted, 1)}`
    const v1 = cotrained?.scores['FinalTest/v1/eval']?.toFixed(3)
    expect(lines()[1]).toBe(`${cotrained?.name}${facts}V1 correlation ${v1} finished`)
    expect(text()).toContain(note)
    expect(text()).toContain('One seed each: numbers, not yet evidence.')
    expect(screen.queryByRole('progressbar')).toBeNull()
  })

  it('shows how far it is, and the runs as they go on', async () => {
    const { news, text } = await card(started(0, 5, 6))
    const bar = byRole('progressbar', 'Progress of the demo')
    expect(bar.getAttribute('aria-valuenow')).toBe('33')
    expect(text()).not.toContain('One seed each')
    const progress = {
      phase: 'training' as const,
      detail: '',
      epoch: 6,
      epochs: 10,
      step: 1,
      stepOfEpoch: 0,
      stepsPerEpoch: 10,
      fraction: 0.5,
      imagesPerSecond: 1,
      secondsLeft: 1,
      loaderWait: 0,
      memoryBytes: 1,
      at: 1,
    }
    await news('run.progress', { id: IDS[5] ?? '', progress })
    await waitFor(() => expect(bar.getAttribute('aria-valuenow')).toBe('50'))
    await become(5, 'finished')
    expect(lines()[1]).toMatch(/finished$/)
    expect(bar.getAttribute('aria-valuenow')).toBe('67')
    await become(6, 'finished')
    expect(screen.queryByRole('progressbar')).toBeNull()
    expect(text()).toContain('One seed each')
  })

  it('leads to the comparison with the first as the baseline', async () => {
    const { user, where } = await card(started(0, 1, 2))
    await user.click(byRole('button', 'Compare the three runs'))
    await settled()
    expect(where()).toBe(`/compare?runs=${IDS.slice(0, 3).join(',')}&baseline=${IDS[0]}`)
  })

  it('compares over seeds where there are more', async () => {
    const { user, where, text } = await card(started(0, 1, 2, 3))
    expect(text()).not.toContain('One seed each')
    await user.click(byRole('button', 'Compare over seeds'))
    await settled()
    expect(where()).toMatch(/&group=seeds$/)
  })

  it('can be run again in another size', async () => {
    const { user, paramsOf } = await card(started(0, 1, 2))
    await user.click(byRole('radio', 'Full'))
    await user.click(byRole('button', 'Run the demo again'))
    await settled()
    expect(paramsOf('demo.start')).toEqual([{ size: 'full' }])
  })

  it('is offered anew once its runs are removed', async () => {
    await card(started(0, 1, 2))
    for (const i of [0, 1, 2]) useRuns().drop(IDS[i] ?? '')
    await settled()
    expect(startButton().textContent).toBe('Run the demo')
    expect(screen.queryByRole('listitem')).toBeNull()
  })

  it('has no progress once nothing goes on, even where a run failed', async () => {
    await card(started(0, 1, 3))
    expect(screen.queryByRole('progressbar')).toBeNull()
    await become(3, 'running')
    expect(screen.queryByRole('progressbar')).not.toBeNull()
    for (const status of ['diverged', 'stopped', 'interrupted'] as const) {
      await become(3, status)
      expect(screen.queryByRole('progressbar')).toBeNull()
    }
  })
})
