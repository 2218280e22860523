import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import TrainLongerDialog from '../../../../../src-renderer/features/run/actions/TrainLongerDialog.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import { demoRuns, detailOf } from '../../../../support/fake-renderer/made-up-runs.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'

const [first] = demoRuns()
if (first === undefined) throw new Error('no demo run')
const { id } = first.summary
const kept = (epoch: number) => ({ epoch, step: 938 * epoch, best: false, score: null })
const NEW = 'f'.repeat(64)
const went = () => ({ id: NEW, created: true, status: 'queued' as const, note: 'Goes on after epoch 12.' })

async function dialog(epochs: readonly number[], answers: Answers = { 'runs.continue': went }) {
  const detail = { ...detailOf(first ?? fail(), []), checkpoints: epochs.map(kept) }
  const shown = await show(inApp(TrainLongerDialog), { props: { open: false, detail }, answers })
  await shown.change({ open: true })
  return shown
}
const fail = (): never => {
  throw new Error('no demo run')
}
const from = (): HTMLSelectElement => byRole('combobox', 'Go on after epoch') as HTMLSelectElement
const epochs = (): HTMLInputElement =>
  byRole('spinbutton', 'Epochs of the whole training') as HTMLInputElement
const patience = (): HTMLInputElement => byRole('spinbutton', 'Patience from there on') as HTMLInputElement
const queue = (): HTMLElement => byRole('button', 'Queue')

describe('the dialog that trains longer', () => {
  it('starts from the last checkpoint and doubles the epochs', async () => {
    await dialog([12, 9, 9, 6])
    expect([...from().options].map((option) => option.textContent?.trim())).toEqual(['12 (last)', '9', '6'])
    expect([from().value, epochs().value, patience().value]).toEqual(['12', '24', ''])
  })

  it('queues a run that goes on, says from where, and shows it', async () => {
    const { user, paramsOf, where, text, emitted } = await dialog([12])
    await user.click(queue())
    await settled()
    expect(paramsOf('runs.continue')).toEqual([{ id, fromEpoch: 12, maxIter: 24, patience: null }])
    expect(emitted.at(-1)).toEqual({ name: 'update:open', values: [false] })
    expect(text()).toContain('Goes on after epoch 12.')
    expect(where()).toBe(`/runs/${NEW}`)
  })

  it('rewinds to an earlier checkpoint with another patience', async () => {
    const { user, paramsOf } = await dialog([6, 3])
    expect(epochs().value).toBe('12')
    await user.selectOptions(from(), '3')
    await user.type(patience(), '8')
    await user.click(queue())
    await settled()
    expect(paramsOf('runs.continue')).toEqual([{ id, fromEpoch: 3, maxIter: null, patience: 8 }])
  })

  it('wants more epochs than were trained already', async () => {
    const { user, paramsOf } = await dialog([12, 6])
    await user.clear(epochs())
    await user.type(epochs(), '12')
    expect(queue().title).toBe('Give more than 12 epochs, or choose an earlier checkpoint')
    await user.click(queue())
    expect(paramsOf('runs.continue')).toEqual([])
    await user.selectOptions(from(), '6')
    expect(queue().getAttribute('aria-disabled')).toBeNull()
  })

  it('queues by Enter in a field, unless it is blocked', async () => {
    const { user, paramsOf } = await dialog([12])
    await user.clear(epochs())
    await user.type(epochs(), '12{Enter}')
    await settled()
    expect(paramsOf('runs.continue')).toEqual([])
    await user.clear(epochs())
    await user.type(epochs(), '30{Enter}')
    await settled()
    expect(paramsOf('runs.continue')).toEqual([{ id, fromEpoch: 12, maxIter: 30, patience: null }])
  })

  it('cannot go on without a checkpoint', async () => {
    await dialog([])
    expect(queue().title).toBe('No checkpoint is kept')
  })

  it('stays open and says why the service refused', async () => {
    const { user, emitted, where } = await dialog([12], {
      'runs.continue': () => {
        throw new CotrainError({ code: 'run-state', message: 'It works again.', hint: 'Stop it first.' })
      },
    })
    await user.click(queue())
    await settled()
    expect(screen.getByRole('alert').textContent).toBe('It works again.Stop it first.')
    expect(emitted).toEqual([])
    expect(where()).toBe('/')
  })

  it('begins anew each time it is opened', async () => {
    const { user, change } = await dialog([12, 6])
    await user.selectOptions(from(), '6')
    await user.type(patience(), '3')
    await user.click(byRole('button', 'Cancel'))
    expect(screen.queryByRole('dialog')).toBeNull()
    await change({ open: true })
    expect([from().value, patience().value]).toEqual(['12', ''])
  })
})
