import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import ColumnsDialog from '../../../../src-renderer/features/runs/ColumnsDialog.vue'
import { byRole, show } from '../../../support/show.ts'

const choice = (n: number) => ({ id: `c${n}`, label: `option ${n}`, note: `${n} values`, isOn: false })
const choices = [
  { id: 'lr', label: 'trainer.lr', note: '3 values', isOn: false },
  { id: 'seed', label: 'Seed', note: '', isOn: true },
  { id: 'decay', label: 'trainer.lr_decay', note: '0.3', isOn: false },
]
const dialog = (given: readonly unknown[] = choices) =>
  show(ColumnsDialog, { props: { open: true, choices: given } })
const labels = (): string[] =>
  screen.getAllByRole('checkbox').map((box) => box.closest('label')?.textContent ?? '')

describe('the dialog of columns', () => {
  it('puts what is shown before what is not, each with its note', async () => {
    await dialog()
    expect(labels()).toEqual(['Seed', 'trainer.lr3 values', 'trainer.lr_decay0.3'])
    const boxes = screen.getAllByRole<HTMLInputElement>('checkbox')
    expect(boxes.map((box) => box.checked)).toEqual([true, false, false])
  })

  it('tells which column is switched', async () => {
    const { user, emitted } = await dialog()
    await user.click(byRole('checkbox', /trainer.lr_decay/))
    await user.click(byRole('checkbox', /Seed/))
    expect(emitted).toEqual([
      { name: 'toggle', values: ['decay'] },
      { name: 'toggle', values: ['seed'] },
    ])
  })

  it('finds columns by all words, in label and note, whatever their case', async () => {
    const { user, text } = await dialog()
    const search = byRole('searchbox', 'Search columns')
    await user.type(search, 'LR 3')
    expect(labels()).toEqual(['trainer.lr3 values', 'trainer.lr_decay0.3'])
    await user.type(search, ' values')
    expect(labels()).toEqual(['trainer.lr3 values'])
    await user.type(search, 'x')
    expect(screen.queryAllByRole('checkbox')).toHaveLength(0)
    expect(text()).toContain('Nothing has this name.')
  })

  it('shows eighty of very many and says how many there are', async () => {
    const { user, text } = await dialog(Array.from({ length: 120 }, (_, n) => choice(n)))
    expect(screen.getAllByRole('checkbox')).toHaveLength(80)
    expect(text()).toContain('80 of 120; search for the others.')
    await user.type(byRole('searchbox', 'Search columns'), 'option 119')
    expect(labels()).toEqual(['option 119119 values'])
    expect(text()).not.toContain('search for the others')
  })

  it('closes by its button', async () => {
    const { user, emitted } = await dialog()
    await user.click(byRole('button', 'Close'))
    expect(emitted).toEqual([{ name: 'update:open', values: [false] }])
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})
