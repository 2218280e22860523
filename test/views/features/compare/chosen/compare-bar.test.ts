import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import CompareBar from '../../../../../src-renderer/features/compare/chosen/CompareBar.vue'
import { readAddress } from '../../../../../src-renderer/features/compare/saved/compare-address.ts'
import { byRole, show } from '../../../../support/show.ts'
import { COMPARISON, words } from '../small-comparison.ts'

const propsOf = (query: Record<string, string> = {}, baseline: string | null = 'aaaaaaaaa1') => ({
  comparison: COMPARISON,
  address: readAddress(query),
  baseline,
})
const choices = (name: string): string[] => within(byRole('combobox', name)).getAllByRole('option').map(words)

describe('the bar of a comparison', () => {
  it('offers every run as baseline, and none', async () => {
    const { user, emitted } = await show(CompareBar, { props: propsOf() })
    expect(choices('Baseline')).toEqual([
      'none',
      'plain, seed 1',
      'plain, seed 2',
      'joint, seed 1',
      'joint, seed 2',
    ])
    const choice = byRole('combobox', 'Baseline')
    expect(choice).toHaveProperty('value', 'aaaaaaaaa1')
    await user.selectOptions(choice, 'joint, seed 2')
    await user.selectOptions(choice, 'none')
    expect(emitted.map(({ values }) => values[0])).toEqual([{ baseline: 'bbbbbbbbb2' }, { baseline: 'none' }])
  })

  it('offers settings as baseline over seeds, whichever of their runs was pinned', async () => {
    await show(CompareBar, { props: propsOf({ group: 'seeds' }, 'aaaaaaaaa2') })
    expect(choices('Baseline')).toEqual(['none', 'plain, 2 seeds', 'joint, 2 seeds'])
    expect(byRole('combobox', 'Baseline')).toHaveProperty('value', 'aaaaaaaaa2')
  })

  it('changes rows, scores and what stands beside a mean', async () => {
    const { user, emitted } = await show(CompareBar, { props: propsOf({ group: 'seeds' }) })
    await user.click(byRole('radio', 'Single runs'))
    expect(choices('Scores')).toEqual([
      'Final evaluation',
      'Curves, at best validation',
      'Curves, last value',
      'Curves, best value',
      'Curves, at epoch',
    ])
    await user.selectOptions(byRole('combobox', 'Scores'), 'Curves, best value')
    await user.selectOptions(byRole('combobox', 'Spread over seeds'), '95 % bootstrap')
    await user.click(byRole('button', 'Columns'))
    expect(emitted.map(({ name, values }) => [name, ...values])).toEqual([
      ['put', { grouping: 'runs' }],
      ['put', { source: 'best' }],
      ['put', { spread: 'bootstrap' }],
      ['columns'],
    ])
  })

  it('takes scores at an epoch, and goes back from what is none', async () => {
    const { user, emitted } = await show(CompareBar, { props: propsOf({ scores: 'epoch-3' }) })
    expect(byRole('combobox', 'Scores')).toHaveProperty('value', 'epoch')
    const box = byRole('spinbutton', 'Epoch') as HTMLInputElement
    expect(box.value).toBe('3')
    await user.clear(box)
    await user.type(box, '5{Tab}')
    await user.clear(box)
    await user.type(box, '2.5{Tab}')
    expect(emitted.map(({ values }) => values[0])).toEqual([{ source: 'epoch-5' }])
    expect(box.value).toBe('3')
    await user.selectOptions(byRole('combobox', 'Scores'), 'Curves, last value')
    expect(emitted.at(-1)?.values[0]).toEqual({ source: 'last' })
  })

  it('leaves out what has no meaning: spreads of single runs, and scores beside other parts', async () => {
    const { change } = await show(CompareBar, { props: propsOf() })
    expect(screen.queryByRole('combobox', { name: 'Spread over seeds' })).toBeNull()
    expect(screen.getAllByRole('combobox')).toHaveLength(2)
    await change(propsOf({ tab: 'curves', group: 'seeds' }))
    expect(screen.getAllByRole('combobox')).toHaveLength(1)
    expect(screen.queryByRole('button', { name: 'Columns' })).toBeNull()
  })
})
