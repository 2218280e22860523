import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { Component } from 'vue'
import { h, ref } from 'vue'
import PickerDialog from '../../../../src-renderer/ui/controls/PickerDialog.vue'
import { byRole, settled, show } from '../../../support/show.ts'

interface Thing {
  readonly id: string
  readonly name: string
}
const FEW: readonly Thing[] = ['Adam', 'SGD', 'RMSprop'].map((name) => ({ id: name.toLowerCase(), name }))

/** A page with the dialog, whose lines are the names; `chosen` is what it said last. */
function pageWith(items: readonly Thing[]) {
  const open = ref(true)
  const chosen: string[] = []
  const picker: Component = PickerDialog
  const page: Component = {
    render: () =>
      h(
        picker,
        {
          open: open.value,
          'onUpdate:open': (on: boolean) => void (open.value = on),
          onChoose: (item: Thing) => void chosen.push(item.id),
          title: 'Choose an optimizer',
          placeholder: 'Name',
          items,
          text: (item: Thing) => item.name,
        },
        { default: ({ item }: { item: Thing }) => item.name },
      ),
  }
  return { page, open, chosen }
}
const lines = () => screen.queryAllByRole('option').map((o) => o.textContent.trim())
const box = () => screen.getByPlaceholderText<HTMLInputElement>('Name')

describe('a dialog to pick from', () => {
  it('shows all at first and lets one be chosen by click', async () => {
    const { page, chosen } = pageWith(FEW)
    const { user } = await show(page)
    expect(byRole('dialog', 'Choose an optimizer')).toBe(screen.getByRole('dialog'))
    expect(lines()).toEqual(['Adam', 'SGD', 'RMSprop'])
    expect(byRole('listbox', 'Choose an optimizer').contains(byRole('option', 'SGD'))).toBe(true)
    expect(document.activeElement).toBe(box())
    await user.click(byRole('option', 'SGD'))
    expect(chosen).toEqual(['sgd'])
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('shows what matches, the best first, and Enter takes it', async () => {
    const { page, chosen } = pageWith(FEW)
    const { user } = await show(page)
    await user.keyboard('d')
    expect(lines()).toEqual(['Adam', 'SGD'])
    await user.keyboard('{Backspace}s')
    expect(lines()).toEqual(['SGD', 'RMSprop'])
    await user.keyboard('{Enter}')
    expect(chosen).toEqual(['sgd'])
  })

  it('moves by arrow keys', async () => {
    const { page, chosen } = pageWith(FEW)
    const { user } = await show(page)
    await user.keyboard('{ArrowDown}')
    await user.keyboard('{ArrowDown}')
    const at = screen.getAllByRole('option').findIndex((o) => o.hasAttribute('data-highlighted'))
    await user.keyboard('{Enter}')
    expect(at).toBeGreaterThan(0)
    expect(chosen).toEqual([FEW[at]?.id])
  })

  it('says when nothing matches, and Enter then chooses nothing', async () => {
    const { page, chosen } = pageWith(FEW)
    const { user } = await show(page)
    await user.keyboard('xyz')
    expect(lines()).toEqual([])
    expect(screen.getByRole('status').textContent).toBe('Nothing matches “xyz”.')
    await user.keyboard('{Enter}')
    expect(chosen).toEqual([])
    expect(byRole('dialog', 'Choose an optimizer')).toBe(screen.getByRole('dialog'))
  })

  it('forgets what was typed when it is left by Escape', async () => {
    const { page, open, chosen } = pageWith(FEW)
    const { user } = await show(page)
    await user.keyboard('rms{Escape}')
    expect(screen.queryByRole('dialog')).toBeNull()
    open.value = true
    await settled()
    expect(box().value).toBe('')
    expect(lines()).toEqual(['Adam', 'SGD', 'RMSprop'])
    expect(chosen).toEqual([])
  })

  it('draws sixty lines at most, and finds the others by typing', async () => {
    const { page } = pageWith(Array.from({ length: 200 }, (_, i) => ({ id: `r${i}`, name: `run ${i}` })))
    const { user } = await show(page)
    expect(lines()).toHaveLength(60)
    expect(lines()).not.toContain('run 187')
    await user.keyboard('187')
    expect(lines()).toEqual(['run 187'])
  })
})
