import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import WaitingList from '../../../../src-renderer/features/queue/WaitingList.vue'
import { byRole, settled, show } from '../../../support/show.ts'
import { laidOut } from '../laid-out.ts'

laidOut()

const run = (n: number) => ({
  id: `r${n}`,
  name: `run ${n}`,
  wait: `after ${n} runs`,
  priority: 0,
  device: '',
})
const three = { runs: [0, 1, 2].map(run) }
const row = (name: string): HTMLElement => byRole('listitem', new RegExp(`: ${name},`))
const inRow = (name: string, button: string): HTMLElement =>
  within(row(name)).getByRole('button', { name: button })

describe('the list of waiting runs', () => {
  it('says place, name and the reason of each run, and how it is moved', async () => {
    await show(WaitingList, { props: three })
    expect(screen.getAllByRole('listitem').map((li) => li.getAttribute('aria-label'))).toEqual([
      '1: run 0, after 0 runs. Alt and arrow keys move it, Delete takes it out.',
      '2: run 1, after 1 runs. Alt and arrow keys move it, Delete takes it out.',
      '3: run 2, after 2 runs. Alt and arrow keys move it, Delete takes it out.',
    ])
    expect(row('run 1').getAttribute('aria-posinset')).toBe('2')
    expect(row('run 1').getAttribute('aria-setsize')).toBe('3')
    expect(byRole('link', 'run 2').getAttribute('href')).toBe('/runs/r2')
  })

  it('gives a run one card or any, where there are several', async () => {
    const devices = ['a', 'b'].map((letter, n) => ({ uuid: `GPU-${letter}`, index: String(n), name: 'A100' }))
    const { user, emitted, change } = await show(WaitingList, { props: { ...three, devices } })
    const field = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Card of run 1' })
    expect([...field.options].map(({ text }) => text)).toEqual(['Any card', '0: A100', '1: A100'])
    await user.selectOptions(field, '1: A100')
    expect(emitted).toEqual([{ name: 'choose', values: ['r1', 'GPU-b'] }])
    const wished = three.runs.map((one) => ({ ...one, device: one.id === 'r1' ? 'GPU-x' : '' }))
    await change({ runs: wished, devices: [] })
    // Its card is gone; the others have nothing to choose from.
    const left = screen.getAllByRole<HTMLSelectElement>('combobox')
    expect(left.map(({ selectedOptions: [option] }) => option?.text)).toEqual(['GPU-x (not there)'])
    await user.selectOptions(left[0]!, 'Any card')
    expect(emitted.at(-1)).toEqual({ name: 'choose', values: ['r1', null] })
  })

  it('has nothing to choose from with one card', async () => {
    const devices = [{ uuid: 'GPU-a', index: '0', name: 'A100' }]
    await show(WaitingList, { props: { ...three, devices } })
    expect(screen.queryByRole('combobox')).toBeNull()
  })

  it('moves a run by its two arrow buttons, unless it stands at that end', async () => {
    const { user, emitted } = await show(WaitingList, { props: three })
    await user.click(inRow('run 1', 'Start earlier'))
    await user.click(inRow('run 1', 'Start later'))
    expect(emitted).toEqual([
      { name: 'move', values: ['r1', 0] },
      { name: 'move', values: ['r1', 2] },
    ])
    const [first, last] = [inRow('run 0', 'Start earlier'), inRow('run 2', 'Start later')]
    expect(first.getAttribute('aria-disabled')).toBe('true')
    expect([first.title, last.title]).toEqual(['It is the next to start', 'It is the last one'])
    await user.click(first)
    await user.click(last)
    expect(emitted).toHaveLength(2)
  })

  it('moves the focus with the arrow keys and the run itself together with Alt', async () => {
    const { user, emitted } = await show(WaitingList, { props: three })
    row('run 0').focus()
    await user.keyboard('{ArrowDown}')
    await settled()
    expect(document.activeElement).toBe(row('run 1'))
    await user.keyboard('{End}')
    await settled()
    expect(document.activeElement).toBe(row('run 2'))
    expect(emitted).toEqual([])
    await user.keyboard('{Alt>}{ArrowUp}{/Alt}')
    expect(emitted).toEqual([{ name: 'move', values: ['r2', 1] }])
  })

  it('goes to either end with Alt and Home or End, and never beyond it', async () => {
    const { user, emitted } = await show(WaitingList, { props: three })
    row('run 1').focus()
    await user.keyboard('{Alt>}{PageDown}{/Alt}')
    row('run 1').focus()
    await user.keyboard('{Alt>}{Home}{/Alt}')
    row('run 0').focus()
    await user.keyboard('{Alt>}{ArrowUp}{/Alt}')
    expect(emitted.map(({ values }) => values)).toEqual([
      ['r1', 2],
      ['r1', 0],
      ['r0', 0],
    ])
  })

  it('takes a run out by Delete and by its cross, but not by Delete in a field', async () => {
    const { user, emitted } = await show(WaitingList, { props: three })
    row('run 1').focus()
    await user.keyboard('{Delete}')
    await user.click(inRow('run 2', 'Take out of the queue'))
    byRole('spinbutton', 'Priority of run 0; higher ones start first').focus()
    await user.keyboard('{Delete}')
    expect(emitted).toEqual([
      { name: 'remove', values: ['r1'] },
      { name: 'remove', values: ['r2'] },
    ])
  })

  it('keeps the focus at the place where a run was taken out', async () => {
    const { user, change } = await show(WaitingList, { props: three })
    row('run 1').focus()
    await user.keyboard('{Delete}')
    await change({ runs: [run(0), run(2)] })
    expect(screen.getAllByRole('listitem')).toHaveLength(2)
    expect(document.activeElement).toBe(row('run 2'))
  })

  it('offers in the menu to start first or last, to duplicate and to edit a copy', async () => {
    const { user, emitted } = await show(WaitingList, { props: three })
    for (const entry of [/^Start first/, /^Start last/, /^Duplicate with the next seed/, /^Edit a copy/]) {
      await user.click(byRole('button', 'More for run 1'))
      await user.click(byRole('menuitem', entry))
    }
    expect(emitted).toEqual([
      { name: 'move', values: ['r1', 0] },
      { name: 'move', values: ['r1', 2] },
      { name: 'duplicate', values: ['r1'] },
      { name: 'edit', values: ['r1'] },
    ])
  })

  it('says in the menu why the first cannot start first nor the last one last', async () => {
    const { user } = await show(WaitingList, { props: three })
    await user.click(byRole('button', 'More for run 0'))
    const first = byRole('menuitem', /^Start first/)
    expect([first.getAttribute('aria-disabled'), first.title]).toEqual(['true', 'It is the first'])
    expect(byRole('menuitem', /^Start last/).getAttribute('aria-disabled')).not.toBe('true')
    await user.keyboard('{Escape}')
    await user.click(byRole('button', 'More for run 2'))
    expect(byRole('menuitem', /^Start last/).title).toBe('It is the last')
  })

  it('takes a dragged run to the row on which it is dropped', async () => {
    const { emitted } = await show(WaitingList, { props: three })
    row('run 2').dispatchEvent(new Event('dragstart', { bubbles: true }))
    row('run 0').dispatchEvent(new Event('drop', { bubbles: true, cancelable: true }))
    expect(emitted).toEqual([{ name: 'move', values: ['r2', 0] }])
    row('run 1').dispatchEvent(new Event('drop', { bubbles: true, cancelable: true }))
    expect(emitted).toHaveLength(1)
  })

  it('draws only the rows in sight of a long queue, and counts all of them', async () => {
    await show(WaitingList, { props: { runs: Array.from({ length: 500 }, (_, n) => run(n)) } })
    const rows = screen.getAllByRole('listitem')
    expect(rows.length).toBeLessThan(60)
    expect(rows[0]?.getAttribute('aria-setsize')).toBe('500')
  })
})
