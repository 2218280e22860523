import { configure, screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import RunPicker from '../../../../../src-renderer/features/compare/chosen/RunPicker.vue'
import type { Answers, Showing, Shown } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'
import { laidOut } from '../../laid-out.ts'
import { RUNS } from '../small-comparison.ts'

configure({ asyncUtilTimeout: 10_000 })
laidOut()

const answers: Answers = { 'runs.list': () => ({ total: RUNS.length, runs: RUNS }) }

async function opened(chosen: readonly string[] = [], given: Showing = {}): Promise<Shown> {
  const page = await show(inApp(RunPicker), { answers, ...given, props: { open: true, chosen } })
  await settled()
  return page
}
const isOff = (name: string): string | null => {
  const button = byRole('button', name)
  return button.getAttribute('aria-disabled') === 'true' ? button.title : null
}
const isOn = (name: string): boolean => {
  const box = byRole('checkbox', name)
  return box instanceof HTMLInputElement && box.checked
}

describe('the choice of runs to compare', () => {
  it('starts with the runs that are compared and hands the chosen ones over', async () => {
    const { user, emitted, text } = await opened(['aaaaaaaaa1'])
    expect(isOn('Select plain, seed 1')).toBe(true)
    expect(isOn('Select joint, seed 2')).toBe(false)
    await user.click(byRole('checkbox', 'Select joint, seed 2'))
    expect(text()).toContain('2 of at most 200 selected')
    await user.click(byRole('button', 'Compare these'))
    expect(emitted).toEqual([
      { name: 'update:open', values: [false] },
      { name: 'choose', values: [['aaaaaaaaa1', 'bbbbbbbbb2']] },
    ])
  })

  it('does not compare nothing, and clears what was selected', async () => {
    const { user, emitted, text } = await opened(['aaaaaaaaa1'])
    await user.click(byRole('button', 'Clear'))
    expect(text()).toContain('0 of at most 200 selected')
    expect(isOff('Compare these')).toBe('Select at least one run')
    await user.click(byRole('button', 'Compare these'))
    expect(emitted).toEqual([])
  })

  it('adds all runs that a search finds to those that are selected', async () => {
    const { user, text } = await opened(['aaaaaaaaa1'])
    await user.type(byRole('searchbox', 'Search runs'), 'joint')
    expect(screen.queryByRole('checkbox', { name: 'Select plain, seed 1' })).toBeNull()
    await user.click(byRole('button', 'Add all 2 found'))
    expect(text()).toContain('3 of at most 200 selected')
  })

  it('adds the other seeds of the selected runs', async () => {
    const { user } = await opened(['bbbbbbbbb1'])
    await user.click(byRole('button', 'Add their other seeds'))
    expect(['plain, seed 1', 'joint, seed 1', 'joint, seed 2'].map((n) => isOn(`Select ${n}`))).toEqual([
      false,
      true,
      true,
    ])
    expect(isOff('Add their other seeds')).toBe('No other seeds of the selected runs')
  })

  it('follows a search, so that later runs join, but only one that finds something', async () => {
    const { user, emitted, text } = await opened()
    expect(isOff('Compare all that match')).toBe(
      'Search first: later runs that match will join by themselves',
    )
    const search = byRole('searchbox', 'Search runs')
    await user.type(search, 'nothing like this')
    expect(isOff('Compare all that match')).toBe('Nothing was found')
    expect(isOff('Add all 0 found')).toBe('Nothing was found')
    expect(text()).toContain('No run matches.')
    await user.clear(search)
    await user.type(search, ' joint ')
    await user.click(byRole('button', 'Compare all that match'))
    expect(emitted).toEqual([
      { name: 'update:open', values: [false] },
      { name: 'follow', values: ['joint'] },
    ])
  })

  it('compares no more runs than the service can', async () => {
    const { user } = await opened([], { state: 'huge', answers: {} })
    await user.click(byRole('checkbox', 'Select all'))
    expect(isOff('Compare these')).toBe('At most 200 runs can be compared at once')
  })

  it('takes up runs that come while it is open', async () => {
    const { news } = await opened()
    const [run] = RUNS
    if (run === undefined) throw new Error('there is a run')
    await news('runs.changed', { runs: [{ ...run, id: 'c'.repeat(10), name: 'late', seed: 7 }], removed: [] })
    await screen.findByRole('checkbox', { name: 'Select late, seed 7' })
    expect(isOn('Select late, seed 7')).toBe(false)
  })

  it('starts again with the compared runs each time it opens', async () => {
    const { user, change } = await opened(['aaaaaaaaa1'])
    await user.click(byRole('checkbox', 'Select joint, seed 2'))
    await change({ open: false })
    await change({ open: true })
    expect(isOn('Select joint, seed 2')).toBe(false)
    expect(isOn('Select plain, seed 1')).toBe(true)
  })

  it('keeps what was selected before when all that a search finds are selected', async () => {
    const { user, text } = await opened(['aaaaaaaaa1'])
    await user.type(byRole('searchbox', 'Search runs'), 'joint')
    await user.click(byRole('checkbox', 'Select all'))
    expect(text()).toContain('3 of at most 200 selected')
  })

  it('does not call all selected that a search finds when as many others are', async () => {
    const { user } = await opened(['aaaaaaaaa1', 'aaaaaaaaa2'])
    await user.type(byRole('searchbox', 'Search runs'), 'joint')
    expect(isOn('Select all')).toBe(false)
  })
})
