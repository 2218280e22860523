import { screen } from '@testing-library/dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import EmptyState from '../../../../src-renderer/ui/states/EmptyState.vue'
import LoadingState from '../../../../src-renderer/ui/states/LoadingState.vue'
import PageHeader from '../../../../src-renderer/ui/states/PageHeader.vue'
import ProblemList from '../../../../src-renderer/ui/states/ProblemList.vue'
import ProgressBar from '../../../../src-renderer/ui/states/ProgressBar.vue'
import RunName from '../../../../src-renderer/ui/states/RunName.vue'
import StatTile from '../../../../src-renderer/ui/states/StatTile.vue'
import StatusBadge from '../../../../src-renderer/ui/states/StatusBadge.vue'
import WarningNote from '../../../../src-renderer/ui/states/WarningNote.vue'
import { plainEnd } from '../../../../src-shared/contract/run-end.ts'
import { byRole, show } from '../../../support/show.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'

describe('the place of nothing', () => {
  it('says what is missing and what to do', async () => {
    const { text, change } = await show(EmptyState, {
      props: { title: 'No runs yet', text: 'Queue one.' },
      slots: { default: 'the button' },
    })
    expect(text()).toBe('No runs yetQueue one.the button')
    await change({ text: '' })
    expect(text()).toBe('No runs yetthe button')
  })
})

describe('the place of what is being loaded', () => {
  afterEach(() => vi.useRealTimers())

  it('is said at once, and to eyes when it takes long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const shown = show(LoadingState, { props: { what: 'the runs' } })
    for (let i = 0; i < 20; i++) await vi.advanceTimersByTimeAsync(10)
    const { text } = await shown
    expect(screen.getByRole('status').textContent).toBe('Loading the runs')
    expect(text()).not.toContain('Still')
    vi.advanceTimersByTime(3000)
    await nextTick()
    expect(text()).toContain('Still loading the runs.')
  })
})

describe('the head of a page', () => {
  it('is the one heading, to which the focus can go, between what stands around it', async () => {
    const { text, change } = await show(PageHeader, {
      props: { title: 'Runs' },
      slots: { before: '<', after: '>', default: 'actions' },
    })
    const heading = screen.getByRole('heading', { level: 1, name: 'Runs' })
    heading.focus()
    expect(document.activeElement).toBe(heading)
    expect(text()).toBe('<Runs>actions')
    await change({ note: '12 of 40' })
    expect(text()).toBe('<Runs>12 of 40actions')
  })
})

describe('a list of problems', () => {
  it('says of each where it is, what it is and what to do', async () => {
    await show(ProblemList, {
      props: {
        title: 'This cannot run',
        problems: [
          { path: 'trainer.config.lr', message: 'Too large.', hint: 'Use 0.1.' },
          { message: 'No data.' },
        ],
      },
      slots: { default: 'Try again' },
    })
    expect(screen.getByRole('alert').textContent).toMatch(/^This cannot run.*Try again$/)
    expect(screen.getAllByRole('listitem').map((l) => [...l.children].map((c) => c.textContent))).toEqual([
      ['trainer.config.lr', 'Too large.', 'Use 0.1.'],
      ['No data.'],
    ])
  })

  it('shows what comes and goes', async () => {
    const { change } = await show(ProblemList, { props: { problems: [{ message: 'A.' }] } })
    await change({ problems: [{ message: 'B.' }, { message: 'C.' }] })
    expect(screen.getAllByRole('listitem').map((l) => l.textContent)).toEqual(['B.', 'C.'])
    await change({ problems: [] })
    expect(screen.queryByRole('listitem')).toBeNull()
  })
})

describe('a bar of progress', () => {
  it('says whole percent, and nothing while the end is unknown', async () => {
    const { change } = await show(ProgressBar, { props: { fraction: 0.456, label: 'Progress of run 1' } })
    const bar = byRole('progressbar', 'Progress of run 1')
    expect(bar.getAttribute('aria-valuenow')).toBe('46')
    expect(bar.getAttribute('aria-valuemax')).toBe('100')
    await change({ fraction: null })
    expect(bar.hasAttribute('aria-valuenow')).toBe(false)
    await change({ fraction: 0 })
    expect(bar.getAttribute('aria-valuenow')).toBe('0')
  })
})

describe('the name of a run', () => {
  const run = demoRuns()[1]?.summary

  it('leads to the run and says its star', async () => {
    const { user, where, change } = await show(RunName, { props: { run } })
    expect(byRole('img', 'Starred').tagName.toLowerCase()).toBe('svg')
    expect(byRole('link', 'demo co-trained').title).toBe(
      `demo co-trained, seed ${run?.seed} (${run?.shortId})`,
    )
    await change({ run: { ...run, star: false } })
    expect(screen.queryByRole('img')).toBeNull()
    await user.click(byRole('link', 'demo co-trained'))
    expect(where()).toBe(`/runs/${run?.id}`)
  })

  it('says the seed where several seeds stand side by side', async () => {
    const { text, change } = await show(RunName, { props: { run } })
    expect(text()).toBe('demo co-trained')
    await change({ withSeed: true })
    expect(text()).toMatch(/^demo co-trained\s?seed 1000$/)
  })
})

describe('a tile of one number', () => {
  it('has a name, a value and a note if there is one', async () => {
    const { change } = await show(StatTile, { props: { label: 'Accuracy', value: '94.1 %' } })
    expect(screen.getByRole('term').textContent).toBe('Accuracy')
    expect(screen.getAllByRole('definition').map((d) => d.textContent)).toEqual(['94.1 %'])
    await change({ note: 'best of 12 epochs' })
    expect(screen.getAllByRole('definition').map((d) => d.textContent)).toEqual([
      '94.1 %',
      'best of 12 epochs',
    ])
  })
})

describe('the badge of a state', () => {
  it.each([
    'queued',
    'preparing',
    'running',
    'stopping',
    'finished',
    'diverged',
    'stopped',
    'failed',
    'interrupted',
  ] as const)('has a word and a picture for %s', async (status) => {
    const { text } = await show(StatusBadge, { props: { status } })
    expect(text()).toBe(status)
    expect(document.querySelectorAll('svg')).toHaveLength(1)
  })

  it('tells all states apart without colour', async () => {
    const { change } = await show(StatusBadge, { props: { status: 'finished' } })
    const pictures = new Set<string>()
    const quiet = [
      'queued',
      'running',
      'stopping',
      'finished',
      'diverged',
      'stopped',
      'failed',
      'interrupted',
    ]
    for (const status of quiet) {
      await change({ status })
      pictures.add(document.querySelector('svg')?.innerHTML ?? '')
    }
    expect(pictures.size).toBe(quiet.length)
  })

  it('says why a run ended', async () => {
    const { text } = await show(StatusBadge, {
      props: { status: 'finished', end: plainEnd('early-stopping', 7) },
    })
    expect(text()).toBe('finished: early stopping')
  })
})

describe('a note of warning', () => {
  it('has a line for each, and is not there without one', async () => {
    const { change } = await show(WarningNote, { props: { lines: ['Few seeds.', 'Other data.'] } })
    expect(screen.getByRole('note').textContent).toBe('Few seeds.Other data.')
    expect(screen.getAllByRole('listitem')).toHaveLength(2)
    await change({ lines: [] })
    expect(screen.queryByRole('note')).toBeNull()
  })
})
