import { screen, waitFor } from '@testing-library/dom'
import { describe, expect, it, vi } from 'vitest'
import RunView from '../../../../src-renderer/features/run/RunView.vue'
import { useCommands } from '../../../../src-renderer/stores/commands.ts'
import type { RunStatus } from '../../../../src-shared/contract/run.ts'
import { demoRuns, detailOf } from '../../../support/fake-renderer/made-up-runs.ts'
import type { Answers, Showing } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inApp, stores } from '../in-app.ts'
import { laidOut } from '../laid-out.ts'

laidOut()
const all = demoRuns()
const of = (status: RunStatus) => {
  const found = all.find(({ summary }) => summary.status === status)
  if (found === undefined) throw new Error(`no demo run is ${status}`)
  return found
}
const view = (status: RunStatus, answers: Answers = {}, more: Showing = {}) =>
  show(inApp(RunView), { props: { id: of(status).summary.id }, answers, ...more })
const tab = (name: string): HTMLElement => byRole('tab', name)
const chosenTab = (): string | null => screen.getByRole('tab', { selected: true }).textContent

describe('the page of a run', () => {
  it('shows header and parts of a finished run, and nothing about failure or progress', async () => {
    await view('finished')
    expect(byRole('heading', 'demo baseline').tagName).toBe('H1')
    expect(screen.getAllByRole('tab').map((t) => t.textContent)).toEqual([
      'Curves',
      'Scores and notes',
      'Neurons',
      'Robustness',
      'Confusion',
      'Config',
      'Log',
      'Environment and files',
      'Moments',
    ])
    expect(chosenTab()).toBe('Curves')
    expect(screen.queryByRole('alert')).toBeNull()
    expect(screen.queryByRole('progressbar')).toBeNull()
  })

  it('keeps the moment in the address, and shows it where the address names one', async () => {
    const { where, user } = await view('finished')
    await user.click(tab('Moments'))
    await settled()
    const slider = byRole('slider', 'Checkpoint') as HTMLInputElement
    slider.value = '0'
    slider.dispatchEvent(new Event('input', { bubbles: true }))
    await settled()
    expect(where()).toContain('at=4')
    expect(slider.getAttribute('aria-valuetext')).toBe('epoch 4, 1 of 4')
  })

  it('shows why a run failed, and leads to its log', async () => {
    const { user } = await view('failed')
    expect(screen.getByRole('alert').textContent).toContain('This run failed: numbers that are not finite')
    await user.click(byRole('button', 'Whole log'))
    await settled()
    expect(chosenTab()).toBe('Log')
    expect(byRole('log', 'Log').textContent).toContain('validation accuracy')
  })

  it('follows the progress of a run that works', async () => {
    const { text, news } = await view('running')
    expect(text()).toContain('Starting')
    const progress = {
      ...{ phase: 'training' as const, detail: '', epoch: 3, epochs: 12, step: 2000, stepOfEpoch: 124 },
      ...{ stepsPerEpoch: 938, fraction: 0.1, imagesPerSecond: 900, secondsLeft: 60, loaderWait: null },
      ...{ memoryBytes: null, at: Date.now() },
    }
    await news('run.progress', { id: of('running').summary.id, progress })
    await waitFor(() => expect(text()).toContain('Epoch 3 of 12, step 124 of 938at most 1 min left'))
  })

  it('shows the progress that the service knew when the page was opened', async () => {
    const progress = {
      ...{
        phase: 'saving' as const,
        detail: 'checkpoint',
        epoch: 3,
        epochs: 12,
        step: 2000,
        stepOfEpoch: 124,
      },
      ...{ stepsPerEpoch: 938, fraction: 0.1, imagesPerSecond: null, secondsLeft: null, loaderWait: null },
      ...{ memoryBytes: null, at: Date.now() },
    }
    const { text } = await view('running', {
      'runs.get': () => ({ ...detailOf(of('running'), []), progress }),
    })
    expect(text()).toContain('Saving: checkpoint')
  })

  it('asks anew what the run is made of when its state changes', async () => {
    const { paramsOf, news } = await view('running')
    const before = paramsOf('runs.get').length
    const summary = { ...of('running').summary, status: 'stopped' as const }
    await news('runs.changed', { runs: [summary], removed: [] })
    await waitFor(() => expect(byRole('button', 'Resume').textContent).toBe('Resume'))
    await settled()
    expect(paramsOf('runs.get')).toHaveLength(before + 1)
  })

  it('says when a run went on with something else', async () => {
    const detail = detailOf(of('finished'), [])
    const [segment] = detail.segments
    if (segment === undefined) throw new Error('a finished demo run has a segment')
    const environment = { ...segment.environment, threads: 1 }
    await view('finished', {
      'runs.get': () => ({
        ...detail,
        segments: [segment, { segment: 2, at: new Date(2026, 2, 1, 9).getTime(), environment }],
      }),
    })
    expect(screen.getByRole('note').textContent).toBe(
      'Resumed 1 Mar 2026, 09:00:00 with 1 thread instead of 2 threads.',
    )
  })

  it('says that data are gone, of a run that is over', async () => {
    const place = {
      part: 'v1' as const,
      option: 'data_dir',
      set: null,
      path: '/old',
      present: false,
      copies: [],
    }
    const { text } = await view('finished', { 'runs.data': () => [place] })
    expect(text()).toContain('Its V1 responses are no longer in /old.')
    expect((await view('running', { 'runs.data': () => [place] })).text()).not.toContain('no longer in')
  })

  it('shows a damaged run without parts', async () => {
    const problem = { code: 'file-invalid', message: 'run.json is damaged.', hint: 'Restore it.' }
    const summary = { ...of('failed').summary, readable: false, problem }
    await view('failed', { 'runs.list': () => ({ total: 1, runs: [summary] }) })
    expect(screen.getByRole('alert').textContent).toContain('run.json is damaged.')
    expect(screen.queryByRole('tab')).toBeNull()
  })

  it('says that it loads, or why the run cannot be shown', async () => {
    await view('finished', {}, { state: 'loading' })
    expect(screen.getAllByRole('status').map((s) => s.textContent)).toContain('Loading the run')
    await show(inApp(RunView), { props: { id: 'e'.repeat(64) } })
    expect(screen.getByRole('alert').textContent).toContain(
      'The run cannot be shownThere is no run eeeeeeeeee.It may have been removed.',
    )
    expect(byRole('link', 'All runs').getAttribute('href')).toBe('/runs')
  })

  it('copies the command that makes the run and says so', async () => {
    const { user, text } = await view('finished')
    await user.click(byRole('button', 'More for this run'))
    await user.click(byRole('menuitem', 'Copy as command'))
    await settled()
    expect(await navigator.clipboard.readText()).toBe('npx cotrain run demo-cotrained.yaml')
    expect(text()).toContain('Copied: npx cotrain run demo-cotrained.yaml')
  })

  it('says that the command could not be copied where the clipboard refuses', async () => {
    const { user, text } = await view('finished')
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValueOnce(new Error('denied'))
    await user.click(byRole('button', 'More for this run'))
    await user.click(byRole('menuitem', 'Copy as command'))
    await settled()
    expect(text()).toContain('The text could not be copied')
    expect(text()).not.toContain('Copied: ')
  })

  it('shows its parts, stars and edits by keys', async () => {
    const { user, paramsOf, where } = await view('finished')
    await user.keyboard('{Alt>}6{/Alt}')
    await settled()
    expect(chosenTab()).toBe('Config')
    await user.keyboard('s')
    await settled()
    expect(paramsOf('runs.annotate')).toEqual([{ id: of('finished').summary.id, star: true }])
    await user.keyboard('{Control>}e{/Control}')
    await settled()
    expect(where()).toBe('/edit')
  })
})

describe('the commands of a run', () => {
  const command = (id: string) => useCommands(stores()).all.find((c) => c.id === id)

  it('stop it where it works, and say why not elsewhere', async () => {
    const { paramsOf } = await view('running', { 'runs.stop': () => ({ ok: true }) })
    command('run stop')?.run()
    expect(paramsOf('runs.stop')).toEqual([{ id: of('running').summary.id, when: 'now' }])
    await view('finished')
    expect(command('run stop')?.blocked).toBe('It does not run')
  })

  it('are named by what they do now', async () => {
    await view('finished')
    expect(command('run star')?.title).toBe('Star this run')
    command('run star')?.run()
    await settled()
    expect(command('run star')?.title).toBe('Take the star away')
  })
})

describe('the parts of a run', () => {
  it('each show their own', async () => {
    const { user, text } = await view('finished')
    for (const [name, words] of [
      ['Scores and notes', 'Final scores'],
      ['Neurons', 'No neurons here'],
      ['Robustness', 'Clean accuracy'],
      ['Confusion', 'Most frequent confusions'],
      ['Config', 'name: demo baseline'],
      ['Log', '120 lines'],
      ['Environment and files', 'Made with'],
      ['Curves', 'Classification loss'],
    ] as const) {
      await user.click(tab(name))
      await settled()
      expect(text()).toContain(words)
    }
  })

  it('ask for neurons only when they are looked at', async () => {
    const { user, paramsOf } = await view('finished')
    expect(paramsOf('runs.neurons')).toEqual([])
    await user.click(tab('Neurons'))
    await settled()
    expect(paramsOf('runs.neurons')).toEqual([{ id: of('finished').summary.id }])
  })

  it('keep scores of training and later ones apart', async () => {
    const summary = {
      ...of('finished').summary,
      scores: {
        'FinalTest/img_classification/eval': 95,
        'letters [1a2b3c4d]: FinalTest/img_classification/eval': 12,
      },
    }
    const { user } = await view('finished', { 'runs.list': () => ({ total: 1, runs: [summary] }) })
    await user.click(tab('Scores and notes'))
    await settled()
    expect(screen.getAllByRole('heading', { level: 2 }).map((part) => part.textContent?.trim())).toEqual([
      'Final scores',
      'Scored later',
      'Notes',
      'Seeds of this setting 1',
      'Lineage',
    ])
    expect(byRole('region', 'Final scores').textContent).toContain('95.0')
    expect(byRole('region', 'Final scores').textContent).not.toContain('12.0')
    expect(byRole('region', 'Scored later').textContent).toContain('photographs [1a2b3c4d]')
  })

  it('say what a reader of the scores must know', async () => {
    const end = {
      ...{ reason: 'all-epochs' as const, epoch: 12, scoredEpoch: 9, divergence: null },
      untrained: [{ task: 'v1', sessions: [], whole: true }],
    }
    const summary = { ...of('finished').summary, end }
    const { user } = await view('finished', { 'runs.list': () => ({ total: 1, runs: [summary] }) })
    await user.click(tab('Scores and notes'))
    expect(byRole('region', 'Final scores').textContent).toContain('V1 was not trained.')
  })

  it('save notes with the run', async () => {
    const { user, paramsOf } = await view('finished')
    await user.click(tab('Scores and notes'))
    await settled()
    await user.clear(byRole('textbox', 'Note'))
    await user.type(byRole('textbox', 'Note'), 'Odd at the end.')
    await user.tab()
    await settled()
    expect(paramsOf('runs.annotate')).toEqual([{ id: of('finished').summary.id, note: 'Odd at the end.' }])
  })

  it('show later scores as soon as something was scored', async () => {
    const { user, paramsOf } = await view('finished')
    await user.click(tab('Scores and notes'))
    await settled()
    expect(paramsOf('runs.evaluations')).toHaveLength(1)
    await user.click(byRole('button', 'More for this run'))
    await user.click(byRole('menuitem', 'Score on other data'))
    await user.click(byRole('button', 'Score'))
    await settled()
    expect(paramsOf('runs.evaluations')).toHaveLength(2)
  })
})
