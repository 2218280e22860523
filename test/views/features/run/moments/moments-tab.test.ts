import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import MomentsTab from '../../../../../src-renderer/features/run/moments/MomentsTab.vue'
import type { RunDetail } from '../../../../../src-shared/contract/run.ts'
import { useEditor } from '../../../../../src-renderer/stores/editor.ts'
import { demoRuns, detailOf } from '../../../../support/fake-renderer/made-up-runs.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp, stores } from '../../in-app.ts'

const run = demoRuns().find(({ summary }) => summary.status === 'finished')
if (run === undefined) throw new Error('no demo run is finished')
const { id } = run.summary
const kept = (epoch: number, best = false) => ({ epoch, step: epoch * 100, best, score: null })
/** Newest first; that of epoch 2 was overtaken. */
const CHECKPOINTS = [kept(12), kept(9, true), kept(4), kept(2, true)]
const detail = (checkpoints: RunDetail['checkpoints'] = CHECKPOINTS): RunDetail => ({
  ...detailOf(run, []),
  checkpoints,
})
const UNITS = [{ session: 's1', area: 'V1', units: ['1', '2'], columns: { correlation: [0.3, 0.5] } }]
const tab = (epoch: number | null = null, answers: Answers = {}, checkpoints = CHECKPOINTS) =>
  show(inApp(MomentsTab), {
    props: { detail: detail(checkpoints), epoch },
    answers: { 'runs.neurons': () => UNITS, ...answers },
  })
const slider = (): HTMLInputElement => byRole('slider', 'Checkpoint') as HTMLInputElement
const said = (): string | null => slider().getAttribute('aria-valuetext')

describe('the moments of a run', () => {
  it('begin at the best one, and say in words which it is', async () => {
    await tab()
    expect([slider().value, slider().min, slider().max]).toEqual(['2', '0', '3'])
    expect(said()).toBe('epoch 9, best validation, 3 of 4')
  })

  it('follow the slider, which tells the epoch', async () => {
    const { emitted, change, paramsOf } = await tab()
    slider().value = '3'
    slider().dispatchEvent(new Event('input', { bubbles: true }))
    expect(emitted).toEqual([{ name: 'look', values: [12] }])
    await change({ epoch: 12 })
    expect(said()).toBe('epoch 12, last, 4 of 4')
    expect(paramsOf('runs.moment').at(-1)).toEqual({ id, epoch: 12, verify: false })
  })

  it('say so where the checkpoint of the address is gone', async () => {
    const { text } = await tab(7)
    expect(text()).toContain('No checkpoint of epoch 7 is kept: there are those of 2, 4, 9, 12.')
    expect(said()).toContain('epoch 9')
  })

  it('show scores, learning rate and the units of the epoch that was scored', async () => {
    const { text, change } = await tab(9)
    expect(text()).toContain('Scores of epoch 9')
    expect(text()).toContain('Classification accuracy (validation)')
    expect(text()).toContain('94.5')
    expect(byRole('region', 'Scores by session').textContent).toContain('0.400')
    expect(text()).toContain('Scored after training, with the weights of this epoch.')
    await change({ epoch: 4 })
    await settled()
    expect(text()).toContain('Scores of units are kept of epoch 9 alone')
    expect(text()).toContain('92.0')
  })

  it('verify the files when asked, and export the weights of that epoch', async () => {
    const to = join(tmpdir(), 'w.safetensors')
    const { user, text, paramsOf } = await tab(4)
    expect(text()).toContain('their content has not been read')
    await user.click(byRole('button', 'Verify'))
    await settled()
    expect(paramsOf('runs.moment').at(-1)).toEqual({ id, epoch: 4, verify: true })
    expect(text()).toContain('Verified')
    await user.click(byRole('button', 'Export weights'))
    await user.type(byRole('textbox', 'New file'), `${to}{Enter}`)
    await settled()
    expect(paramsOf('runs.exportWeights')).toEqual([{ id, to, epoch: 4 }])
  })

  it('branch into a copy that starts from that checkpoint', async () => {
    const { user, where } = await tab(4)
    await user.click(byRole('button', 'Branch from here'))
    await settled()
    expect(where()).toBe('/edit')
    expect(useEditor(stores()).config?.parent).toEqual({
      ...{ run: id, file: null, use: 'weights', epoch: 4, strict: false },
    })
  })

  it('rewind to that checkpoint', async () => {
    const { user } = await tab(4)
    await user.click(byRole('button', 'Rewind to here'))
    expect(byRole('combobox', 'Go on after epoch')).toHaveProperty('value', '4')
  })

  it('begin nothing from a spoilt one', async () => {
    const { user, where, text } = await tab(4, {
      'runs.moment': ({ epoch }) => ({
        ...{
          epoch,
          step: 1,
          best: false,
          at: null,
          values: {},
          files: [],
          verified: true,
          scoredEpoch: null,
        },
        fault: 'state.json is missing.',
      }),
    })
    expect(text()).toContain('not recorded')
    expect(text()).toContain('Nothing was logged in this epoch.')
    await user.click(byRole('button', 'Branch from here'))
    expect(where()).toBe('/')
    expect(byRole('button', 'Rewind to here').title).toBe('state.json is missing.')
  })

  it('are none without checkpoints', async () => {
    const { text } = await tab(null, {}, [])
    expect(text()).toContain('No checkpoint is kept')
    expect(screen.queryByRole('slider')).toBeNull()
  })
})
