import { screen } from '@testing-library/dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import RunHeader from '../../../../src-renderer/features/run/RunHeader.vue'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { RunDetail, RunStatus, RunSummary } from '../../../../src-shared/contract/run.ts'
import { demoRuns, detailOf } from '../../../support/fake-renderer/made-up-runs.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inApp } from '../in-app.ts'

const all = demoRuns()
const OK = { ok: true as const }
const checkpoint = { epoch: 9, step: 8442, best: true, score: 0.4 }

async function header(
  status: RunStatus,
  more: Partial<RunSummary> = {},
  answers: Answers = {},
  detail: Partial<RunDetail> = {},
) {
  const found = all.find(({ summary }) => summary.status === status) ?? all[0]
  if (found === undefined) throw new Error('no demo run')
  const run = { ...found.summary, status, ...more }
  const props = { run, detail: { ...detailOf(found, []), ...detail }, now: run.createdAt + 3_600_000 }
  return { id: run.id, ...(await show(inApp(RunHeader), { props, answers })) }
}
const openMenu = async ({ user }: Awaited<ReturnType<typeof header>>): Promise<void> =>
  user.click(byRole('button', 'More for this run'))
const entry = (name: string): HTMLElement => byRole('menuitem', name)
const reason = (name: string): string =>
  entry(name).getAttribute('aria-disabled') === 'true' ? entry(name).title : ''
const isThere = (name: string): boolean => screen.queryByRole('button', { name }) !== null

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the header of a run', () => {
  it('says name, seed, id, age, time of work and state', async () => {
    const { text } = await header('finished', { seconds: 95 })
    expect(byRole('heading', 'demo baseline').tagName).toBe('H1')
    expect(text()).toContain(`seed 1000, ${all[0]?.summary.shortId}, created 1 h ago, 1 min 35 s`)
    expect(text()).toContain('finished')
  })

  it('calls a run without a name by its id', async () => {
    await header('finished', { name: '' })
    expect(byRole('heading', all[0]?.summary.shortId ?? '').tagName).toBe('H1')
  })

  it('stops a run that works, once', async () => {
    const { user, paramsOf, change, id } = await header('running', {}, { 'runs.stop': () => OK })
    await user.click(byRole('button', 'Finish epoch, then stop'))
    await user.click(byRole('button', 'Stop now'))
    expect(paramsOf('runs.stop')).toEqual([
      { id, when: 'epoch' },
      { id, when: 'now' },
    ])
    await change({ run: { ...all[5]?.summary, status: 'stopping' } })
    expect(byRole('button', 'Stop now').title).toBe('It is already stopping')
    await user.click(byRole('button', 'Stop now'))
    expect(paramsOf('runs.stop')).toHaveLength(2)
  })

  it('offers to stop only what works, and to resume only what was stopped', async () => {
    const seen: string[] = []
    for (const status of ['queued', 'running', 'finished', 'stopped', 'failed'] as const) {
      await header(status)
      seen.push(`${status}: ${['Stop now', 'Resume'].filter(isThere).join(', ')}`)
    }
    expect(seen).toEqual(['queued: ', 'running: Stop now', 'finished: ', 'stopped: Resume', 'failed: '])
  })

  it('resumes a stopped run', async () => {
    const { user, paramsOf, id } = await header('stopped', {}, { 'runs.resume': () => OK })
    await user.click(byRole('button', 'Resume'))
    expect(paramsOf('runs.resume')).toEqual([{ id }])
  })

  it('stars the run and takes the star away', async () => {
    const { user, paramsOf, id } = await header('finished')
    const star = byRole('button', 'Star')
    expect(star.getAttribute('aria-pressed')).toBe('false')
    await user.click(star)
    expect(paramsOf('runs.annotate')).toEqual([{ id, star: true }])
    const starred = await header('finished', { star: true })
    expect(byRole('button', 'Starred').getAttribute('aria-pressed')).toBe('true')
    await starred.user.click(byRole('button', 'Starred'))
    expect(starred.paramsOf('runs.annotate')).toEqual([{ id, star: false }])
  })

  it('opens its config in the editor, and itself in the comparison', async () => {
    const { user, where, id } = await header('finished')
    await user.click(byRole('button', 'Compare'))
    await settled()
    expect(where()).toBe(`/compare?runs=${id}`)
    await user.click(byRole('button', 'Edit a copy'))
    await settled()
    expect(where()).toBe('/edit')
  })

  it('says in the menu what cannot be done and why', async () => {
    await openMenu(await header('running'))
    expect(reason('Train longer, or rewind')).toBe('It is not over')
    expect(reason('Score on other data')).toBe('It has no scored weights')
    expect(reason('Move to trash')).toBe('Stop the run first')
    await openMenu(await header('failed'))
    expect(reason('Train longer, or rewind')).toBe('No checkpoint is kept')
    expect(reason('Move to trash')).toBe('')
    await openMenu(await header('finished', {}, {}, { checkpoints: [checkpoint] }))
    expect(reason('Train longer, or rewind')).toBe('')
    expect(reason('Score on other data')).toBe('')
  })

  it('exports a network and a run into a folder that is typed', async () => {
    const answers: Answers = {
      'runs.exportNetwork': ({ to }) => ({ path: to, files: [] }),
      'runs.exportTracker': ({ to }) => ({ path: to }),
    }
    const shown = await header('finished', {}, answers)
    for (const [name, label, to] of [
      ['Export network as ONNX', 'New folder', '/data/net'],
      ['Export run for TensorBoard', 'Folder', '/data/logs'],
    ] as const) {
      await openMenu(shown)
      await shown.user.click(entry(name))
      expect(byRole('dialog', name)).toBeDefined()
      await shown.user.type(screen.getByLabelText(label), `${to}{Enter}`)
      await settled()
    }
    expect(shown.paramsOf('runs.exportNetwork')).toEqual([{ id: shown.id, to: '/data/net', format: 'onnx' }])
    expect(shown.paramsOf('runs.exportTracker')).toMatchObject([{ to: '/data/logs', tracker: 'tensorboard' }])
    await openMenu(await header('running'))
    expect(reason('Export network for PyTorch')).toBe('It has no scored weights')
    expect(reason('Export run for MLflow')).toBe('')
  })

  it('packages a network with what a person states of it', async () => {
    const shown = await header(
      'finished',
      {},
      {
        'packages.outline': ({ ids, group }) => ({
          runs: (group ? [1, 2, 3] : [1]).map((seed) => ({
            id: ids[0] ?? '',
            name: 'V1',
            seed,
            bytes: 2 ** 20,
          })),
          ...{ inSetting: 3, title: 'V1 network', author: 'A. Lab', dataFingerprint: '' },
        }),
      },
    )
    await openMenu(shown)
    await shown.user.click(entry('Package the network'))
    await settled()
    expect(shown.text()).toContain('1 network with weights')
    await shown.user.selectOptions(
      screen.getByLabelText('What is inside'),
      'all 3 finished seeds of its setting',
    )
    await settled()
    expect(shown.text()).toContain('3 networks with weights and scores of units (3.0 MiB)')
    await shown.user.type(screen.getByLabelText(/^Authors/), '; B. Lab')
    await shown.user.type(screen.getByLabelText('Licence'), 'CC-BY-4.0')
    await shown.user.type(screen.getByLabelText('New file (.cotrain)'), '/data/v1.cotrain{Enter}')
    await settled()
    expect(shown.paramsOf('packages.write')).toMatchObject([
      {
        ...{ ids: [shown.id], group: true, to: '/data/v1.cotrain', title: 'V1 network' },
        ...{ authors: ['A. Lab', 'B. Lab'], licence: 'CC-BY-4.0', examples: 'generated' },
      },
    ])
    await openMenu(await header('running'))
    expect(reason('Package the network')).toBe('It is not finished')
  })

  it('opens the dialogs of training longer and of scoring', async () => {
    const shown = await header('finished', {}, {}, { checkpoints: [checkpoint] })
    await openMenu(shown)
    await shown.user.click(entry('Train longer, or rewind'))
    expect(byRole('dialog', 'Train longer').textContent).toContain('9 (last)')
    await shown.user.keyboard('{Escape}')
    await openMenu(shown)
    await shown.user.click(entry('Score on other data'))
    expect(byRole('dialog', 'Score on other data').textContent).toContain('Corruptions')
  })

  it('asks its page to copy the command', async () => {
    const shown = await header('finished')
    await openMenu(shown)
    await shown.user.click(entry('Copy as command'))
    expect(shown.emitted).toEqual([{ name: 'copyCommand', values: [] }])
  })

  it('saves config, metrics, neurons and result as files', async () => {
    const made = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x')
    const names: string[] = []
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download)
    })
    const shown = await header(
      'finished',
      {},
      {
        'runs.export': ({ what }) => ({ name: `run.${what}`, mime: 'text/plain', text: what }),
      },
    )
    for (const name of ['config (YAML)', 'metrics (CSV)', 'neurons (CSV)', 'result (JSON)']) {
      await openMenu(shown)
      await shown.user.click(entry(`Save ${name}`))
      await settled()
    }
    expect(shown.paramsOf('runs.export').map(({ what }) => what)).toEqual([
      'config',
      'metrics',
      'neurons',
      'result',
    ])
    expect(names).toEqual(['run.config', 'run.metrics', 'run.neurons', 'run.result'])
    expect(made).toHaveBeenCalledTimes(4)
  })

  it('moves the run to the trash and goes to the list', async () => {
    const shown = await header('finished')
    await openMenu(shown)
    await shown.user.click(entry('Move to trash'))
    await settled()
    expect(shown.paramsOf('runs.remove')).toEqual([{ id: shown.id }])
    expect(shown.text()).toContain('The run was moved to the trash.')
    expect(shown.where()).toBe('/runs')
  })

  it('stays where it is when the run cannot be removed', async () => {
    const shown = await header(
      'finished',
      {},
      {
        'runs.remove': () => {
          throw new CotrainError({ code: 'run-state', message: 'Its folder is in use.', hint: 'Wait.' })
        },
      },
    )
    await openMenu(shown)
    await shown.user.click(entry('Move to trash'))
    await settled()
    expect(shown.text()).toContain('Its folder is in use.Wait.')
    expect(shown.where()).toBe('/')
  })

  it('gives the setting of the run another colour, and remembers it', async () => {
    const shown = await header('finished')
    await openMenu(shown)
    expect(byRole('menuitemcheckbox', 'Setting in sky blue').getAttribute('aria-checked')).toBe('false')
    await shown.user.click(byRole('menuitemcheckbox', 'Setting in sky blue'))
    const written = shown.paramsOf('ui.set').findLast(({ key }) => key === 'styles')
    // Another setting has the solid line of that hue, so that this one has a dash.
    expect(written?.value).toMatchObject({ [all[0]?.summary.groupId ?? '']: 12 })
  })
})
