import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import CurveLegend from '../../../../../src-renderer/features/compare/curves/CurveLegend.vue'
import { styleOf } from '../../../../../src-renderer/format/series-style.ts'
import type { Shown } from '../../../../support/show.ts'
import { byRole, show } from '../../../../support/show.ts'
import { laidOut } from '../../laid-out.ts'

laidOut()

const entry = (id: string, ids: readonly string[] = [id]) => ({
  ...styleOf(0),
  id,
  ids,
  name: `run ${id}`,
  detail: `seed ${id}`,
  words: `run ${id} paper`,
})
const entries = [entry('a'), entry('b'), entry('c', ['c1', 'c2'])]
const props = { entries, title: 'Runs', hidden: new Set<string>() }
const box = (id: string): HTMLElement => byRole('checkbox', `run ${id} seed ${id}`)
const shown = (): boolean[] =>
  screen.getAllByRole('checkbox').map((b) => b instanceof HTMLInputElement && b.checked)
const hiddenIn = ({ emitted }: Shown): unknown[] =>
  emitted.filter(({ name }) => name === 'update:hidden').map(({ values }) => [...(values[0] as Set<string>)])

describe('the legend of curves', () => {
  it('hides and shows a line, a setting with all of its runs', async () => {
    const page = await show(CurveLegend, { props })
    expect(page.text()).toContain('3 of 3')
    await page.user.click(box('c'))
    expect(page.text()).toContain('2 of 3')
    expect(shown()).toEqual([true, true, false])
    await page.user.click(box('c'))
    expect(hiddenIn(page)).toEqual([['c1', 'c2'], []])
  })

  it('works by Space on the box', async () => {
    const page = await show(CurveLegend, { props })
    box('b').focus()
    await page.user.keyboard(' ')
    expect(hiddenIn(page)).toEqual([['b']])
  })

  it('shows one line alone by Alt-click, and all again by a second one', async () => {
    const page = await show(CurveLegend, { props })
    await page.user.keyboard('{Alt>}')
    await page.user.click(box('b'))
    expect(shown()).toEqual([false, true, false])
    expect(page.text()).toContain('1 of 3')
    await page.user.click(box('b'))
    await page.user.keyboard('{/Alt}')
    expect(hiddenIn(page)).toEqual([['a', 'c1', 'c2'], []])
  })

  it('shows all again by its button, which is there only while something is hidden', async () => {
    const page = await show(CurveLegend, { props })
    expect(screen.queryByRole('button', { name: 'Show all' })).toBeNull()
    await page.change({ hidden: new Set(['a', 'b']) })
    await page.user.click(byRole('button', 'Show all'))
    expect(shown()).toEqual([true, true, true])
  })

  it('tells which line is looked at by pointer and by keyboard', async () => {
    const { user, emitted } = await show(CurveLegend, { props })
    await user.hover(box('b'))
    await user.unhover(box('b'))
    box('a').focus()
    box('a').blur()
    expect(emitted.filter(({ name }) => name === 'hover').map(({ values }) => values[0])).toEqual([
      'b',
      null,
      'a',
      null,
    ])
  })

  it('can be searched once it is long', async () => {
    const long = Array.from({ length: 13 }, (_, i) => entry(String.fromCharCode(97 + i)))
    const page = await show(CurveLegend, { props })
    expect(screen.queryByRole('searchbox')).toBeNull()
    await page.change({ entries: long })
    const search = byRole('searchbox', 'Search the legend')
    await page.user.type(search, 'PAPER run m')
    expect(screen.getAllByRole('checkbox')).toHaveLength(1)
    expect(page.text()).toContain('run mseed m')
    await page.user.type(search, 'x')
    expect(page.text()).toContain('Nothing matches.')
    expect(page.text()).toContain('13 of 13')
  })
})
