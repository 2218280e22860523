import { screen, within } from '@testing-library/dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import StartView from '../../../../src-renderer/features/start/StartView.vue'
import { useRuns } from '../../../../src-renderer/stores/runs.ts'
import type { Showing } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { DOCTOR } from '../../../support/fake-renderer/made-up-machine.ts'
import { NOW, demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { answersWith } from '../family/small-family.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'

const view = (given: Showing = {}) => show(inMotion(StartView), given)
const recent = () => within(byRole('region', 'Recent runs'))
const lines = () =>
  recent()
    .getAllByRole('listitem')
    .map((l) => l.textContent.replaceAll(/\s+/g, ' ').trim())

describe('the page Start', () => {
  afterEach(() => void vi.useRealTimers())

  it('shows the eight newest runs with what they reached, and the way to all', async () => {
    // The oldest of them is nearly an hour old when the made-up runs are made, which may be minutes ago.
    vi.useFakeTimers({ toFake: ['Date'], now: NOW })
    await view()
    const accuracy = demoRuns()[1]?.summary.scores['FinalTest/img_classification/eval']?.toFixed(1) ?? ''
    expect(lines()).toHaveLength(8)
    expect(lines()[0]).toMatch(/^shuffled, wider\s?seed 2000\s?queued\s?\d+ min ago$/)
    expect(lines()[7]).toMatch(/^demo co-trained\s?seed 1000\s?[\d.]+ %\s?finished\s?\d+ min ago$/)
    expect(lines()[7]).toContain(`${accuracy} %`)
    expect(recent().getByRole('link', { name: 'All runs' }).getAttribute('href')).toBe('/runs')
  })

  it('leads to data and to a new experiment', async () => {
    await view()
    expect(byRole('heading', 'CoTrain').tagName).toBe('H1')
    expect(byRole('link', 'Add data').getAttribute('href')).toBe('/data')
    expect(byRole('link', 'New experiment').getAttribute('href')).toBe('/edit?new=1')
  })

  it('follows what another window does', async () => {
    await view()
    const last = demoRuns()[8]?.summary
    if (last === undefined) throw new Error('no such run')
    useRuns().put({ ...last, status: 'running' })
    await settled()
    expect(lines()[0]).toContain('running')
    useRuns().drop(last.id)
    await settled()
    expect(lines()[0]).not.toContain('shuffled, wider')
    expect(lines()).toHaveLength(8)
  })

  it('says that there is nothing yet', async () => {
    await view({ state: 'empty' })
    expect(recent().getByText('None yet. The demo makes the first three.').tagName).toBe('P')
    expect(recent().queryByRole('link', { name: 'All runs' })).toBeNull()
    expect(byRole('region', 'Welcome').textContent).toContain('What computes')
  })

  it('says that runs are being loaded', async () => {
    await view({ state: 'loading' })
    expect(recent().getByRole('status').textContent).toContain('Loading runs')
  })

  it('says what is wrong with the service and tries again', async () => {
    let isDown = true
    const { user, text } = await view({
      answers: {
        'runs.list': () => {
          if (isDown)
            throw new CotrainError({
              code: 'internal',
              message: 'No index.',
              hint: 'Delete the folder index.',
            })
          return { total: 1, runs: demoRuns().map(({ summary }) => summary) }
        },
      },
    })
    expect(screen.getByRole('alert').textContent).toContain('No index.Delete the folder index.')
    expect(recent().getByText('They could not be loaded.').tagName).toBe('P')
    isDown = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(screen.queryByRole('alert')).toBeNull()
    expect(lines()).toHaveLength(8)
    expect(text()).not.toContain('No index.')
  })

  it('says what is wrong with the engine while the runs are there', async () => {
    await view({
      answers: {
        'app.doctor': () => {
          throw new CotrainError({ code: 'engine-failed', message: 'It died.', hint: 'Start anew.' })
        },
      },
    })
    expect(screen.getByRole('alert').textContent).toContain(
      'The service reports a problemIt died.Start anew.',
    )
    expect(lines()).toHaveLength(8)
  })

  it('offers the demo until there is a family, and then has what its runs say', async () => {
    const offered = await view({ state: 'empty' })
    expect(byRole('button', 'Run the demo').tagName).toBe('BUTTON')
    expect(offered.text()).toContain('Three runs and their comparison, below.')
    const { text } = await view({ state: 'empty', answers: answersWith() })
    expect(text()).toContain('There are runs: what they say is below.')
    expect(screen.queryByRole('button', { name: 'Run the demo' })).toBeNull()
    expect(text()).toContain('Co-trained is 2.0 points more accurate than pictures alone')
    expect(byRole('link', 'All families').getAttribute('href')).toBe('/families')
  })

  it('warns of a GPU that computes nothing', async () => {
    const unusedGpu = 'The H200 is not used: libcudnn is missing.'
    await view({ answers: { 'app.doctor': () => ({ ...DOCTOR, unusedGpu }) } })
    expect(screen.getByRole('note').textContent).toBe(unusedGpu)
  })
})
