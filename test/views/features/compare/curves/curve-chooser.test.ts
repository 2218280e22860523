import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import CurveChooser from '../../../../../src-renderer/features/compare/curves/CurveChooser.vue'
import type { Shown } from '../../../../support/show.ts'
import { byRole, show } from '../../../../support/show.ts'
import { laidOut } from '../../laid-out.ts'

laidOut()

const keys = ['Training/img_classification/loss', 'Validation/v1/eval', 'LR', 'Validation/patience']
const chosen = ['LR']
const options = (): string[] => screen.queryAllByRole('option').map((o) => o.textContent ?? '')
const active = (): string | undefined => {
  const id = byRole('listbox', 'Curves').getAttribute('aria-activedescendant')
  return document.querySelector(`[id="${id}"]`)?.textContent ?? undefined
}

async function opened(): Promise<Shown> {
  const page = await show(CurveChooser, { props: { keys, chosen } })
  await page.user.click(byRole('button', /^Curves/))
  return page
}

describe('the choice of curves', () => {
  it('says how many are chosen, and lists all by name with those that are on', async () => {
    await opened()
    expect(byRole('button', /^Curves/).textContent).toContain('1 of 4')
    expect(options()).toEqual([
      'Classification loss (training)',
      'V1 single-trial correlation (validation)',
      'Learning rate',
      'Patience counter',
    ])
    expect(screen.getAllByRole('option').map((o) => o.getAttribute('aria-selected'))).toEqual([
      'false',
      'false',
      'true',
      'false',
    ])
  })

  it('counts what a search finds', async () => {
    const { user } = await opened()
    expect(screen.getByRole('status').textContent).toBe('4 curves')
    await user.type(byRole('searchbox', 'Search curves'), 'patience')
    expect(screen.getByRole('status').textContent).toBe('1 curve')
  })

  it('adds and takes away curves by click', async () => {
    const { user, emitted } = await opened()
    await user.click(byRole('option', 'Patience counter'))
    await user.click(byRole('option', 'Learning rate'))
    expect(emitted.map(({ values }) => values[0])).toEqual([
      ['LR', 'Validation/patience'],
      ['Validation/patience'],
    ])
  })

  it('is worked by keyboard: down from the search into the list, arrows, ends, Space and Enter', async () => {
    const { user, emitted } = await opened()
    byRole('searchbox', 'Search curves').focus()
    await user.keyboard('{ArrowDown}')
    expect(document.activeElement).toBe(byRole('listbox', 'Curves'))
    await user.keyboard('{ArrowDown}')
    expect(active()).toBe('V1 single-trial correlation (validation)')
    await user.keyboard(' {End}')
    expect(active()).toBe('Patience counter')
    await user.keyboard('{ArrowDown}{Enter}{Home}{ArrowUp}')
    expect(active()).toBe('Classification loss (training)')
    await user.keyboard('{PageDown}')
    expect(active()).toBe('Patience counter')
    expect(emitted.map(({ values }) => values[0])).toEqual([
      ['LR', 'Validation/v1/eval'],
      ['LR', 'Validation/v1/eval', 'Validation/patience'],
    ])
  })

  it('finds curves by name and by key, and takes the first by Enter in the search', async () => {
    const { user, emitted, text } = await opened()
    const search = byRole('searchbox', 'Search curves')
    await user.type(search, 'v1 val')
    expect(options()).toEqual(['V1 single-trial correlation (validation)'])
    await user.keyboard('{Enter}')
    expect(emitted).toEqual([{ name: 'update:chosen', values: [['LR', 'Validation/v1/eval']] }])
    await user.type(search, ' nothing')
    expect(text()).toContain('No curve matches.')
    await user.keyboard('{Enter}')
    expect(emitted).toHaveLength(1)
  })

  it('shows none on demand, but not when none is shown', async () => {
    const { user, emitted } = await opened()
    const none = byRole('button', 'Show none')
    await user.click(none)
    expect(emitted).toEqual([{ name: 'update:chosen', values: [[]] }])
    expect(none).toHaveProperty('disabled', true)
  })
})
