import { configure, screen, waitFor } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import NewCotrainingView from '../../../../src-renderer/features/cotraining/NewCotrainingView.vue'
import { useEditor } from '../../../../src-renderer/stores/editor.ts'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inApp } from '../in-app.ts'

configure({ asyncUtilTimeout: 10_000 })

type DataSet = Result<'data.get'>
const set: Omit<DataSet, 'id' | 'name' | 'kind'> = {
  ...{ origin: '', fingerprint: '', addedAt: 1, bytes: 0, summary: 'made up', facts: [], findings: [] },
  present: true,
}
const session = (name: string, area: string) => ({
  ...{ session: name, area, units: 2, trials: 8, tiers: [], images: 4, meanResponse: 1, fano: 1, missing: 0 },
  ...{ repeats: { least: 2, mean: 2, most: 2 }, oracle: null, explainableVariance: null },
})
const part = (name: string) => ({
  ...{ name, images: 9, height: 48, width: 48, channels: 3, mean: [], std: [], grey: 0 },
  perClass: { least: 3, most: 3 },
})
const cells: DataSet = {
  ...{ ...set, id: 'c', name: 'cells', kind: 'neural' },
  stimuli: { height: 48, width: 48, channels: 1 },
  sessions: [session('one', 'V4'), session('two', 'V4'), session('three', 'V1')],
}
const tiny: DataSet = { ...set, id: 't', name: 'tiny', kind: 'images', parts: [part('train'), part('test')] }
const page = (answers: Answers = {}, at = '/new') =>
  show(inApp(NewCotrainingView), { answers: { 'data.list': () => [cells, tiny], ...answers }, at })
const box = (name: RegExp): HTMLElement => byRole('checkbox', name)

describe('a new co-training', () => {
  it('begins with what was added, refuses two areas by name, and starts the family by keyboard', async () => {
    const { user, paramsOf, text, where } = await page({
      'family.create': () => ({
        family: 'mine',
        ids: [],
        queued: 3,
        known: 0,
        diverged: 0,
        waiting: 0,
        tag: '',
      }),
    })
    expect(byRole('radio', /^cells/)).toHaveProperty('checked', true)
    expect(byRole('radio', /^tiny/)).toHaveProperty('checked', true)
    expect(text()).toContain('The sessions of "cells" are of V1 and V4: tick those of one area.')
    expect(byRole('button', 'Start').getAttribute('aria-disabled')).toBe('true')
    box(/^three/).focus()
    await user.keyboard(' ')
    expect(text()).not.toContain('tick those of one area')
    expect(text()).toContain('V4, from the file')
    expect(screen.getByLabelText('Name of the family')).toHaveProperty(
      'value',
      'V4 of cells, 2 sessions, with tiny (quick)',
    )
    byRole('button', 'Start').focus()
    await user.keyboard('{Enter}')
    await waitFor(() => expect(where()).toBe('/families/mine'))
    expect(paramsOf('family.create')).toMatchObject([
      {
        recipe: {
          name: 'V4 of cells, 2 sessions, with tiny (quick)',
          compareTo: 'Pictures alone',
          list: [{ label: 'Pictures alone' }, { label: 'Co-trained' }, { label: 'Shuffled responses' }],
          seeds: [1000, 2000, 3000],
        },
      },
    ])
  })

  it('times one run of each kind and says what all cost together', async () => {
    const { user, paramsOf, text } = await page()
    await user.click(byRole('radio', /^Simulated V1/))
    await user.click(byRole('radio', /^MNIST/))
    await waitFor(() => expect(text()).toContain('9 runs, about 32 min 6 s one after the other'))
    // The shuffled control takes as long as the co-trained network, and is not timed again.
    expect(paramsOf('config.warmUp')).toHaveLength(2)
    await user.click(byRole('radio', '1'))
    await user.click(box(/^Shuffled/))
    expect(text()).toContain('2 runs, about 7 min 8 s one after the other')
    expect(text()).toContain('other runs worked while it was timed')
  })

  it('says what could not be timed, and can be started all the same', async () => {
    const { user, text } = await page({
      'config.warmUp': () => {
        throw new CotrainError({ code: 'engine-failed', message: 'no step was done within 120 s.' })
      },
    })
    await user.click(byRole('radio', /^Simulated V1/))
    await waitFor(() => expect(text()).toContain('not timed: no step was done within 120 s.'))
    expect(byRole('button', 'Start').getAttribute('aria-disabled')).not.toBe('true')
  })

  it('opens the co-trained network in the editor, and says why a family was refused', async () => {
    const message = 'a family "mine" with other settings is there already.'
    const { user, text, where } = await page({
      'family.create': () => {
        throw new CotrainError({ code: 'config-invalid', path: 'name', message, hint: 'Give it another.' })
      },
    })
    await user.click(byRole('radio', /^Simulated V1/))
    await user.click(byRole('button', 'Start'))
    await settled()
    expect(text()).toContain(message)
    await user.click(byRole('button', 'Open in editor'))
    await waitFor(() => expect(where()).toBe('/edit'))
    expect(useEditor().text).toContain('dataset: in_silico')
    expect(useEditor().text).toContain('with tiny (quick): co-trained')
  })

  it('takes the set of the address, and what is added on the way', async () => {
    const other = { ...cells, id: 'o', name: 'others', addedAt: 0 }
    await page({ 'data.list': () => [cells, other, tiny] }, '/new?data=o')
    expect(byRole('radio', /^others/)).toHaveProperty('checked', true)
    await page({ 'data.list': () => [] })
    expect(byRole('radio', /^Simulated V1/)).toHaveProperty('checked', true)
    expect(byRole('radio', /^MNIST/)).toHaveProperty('checked', true)
  })
})
