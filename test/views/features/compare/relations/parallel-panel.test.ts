import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import ParallelPanel from '../../../../../src-renderer/features/compare/relations/ParallelPanel.vue'
import { byRole, show } from '../../../../support/show.ts'
import { COMPARISON, V1, words } from '../small-comparison.ts'

const SCORE = 'Classification accuracy (test), %'
const CORRELATION = 'V1 single-trial correlation (test)'
const props = { comparison: COMPARISON }
const axes = (): string[] =>
  within(byRole('table', 'Axes: ranges and order')).getAllByRole('rowheader').map(words)
const from = (label: string): HTMLElement => byRole('textbox', `${label}, from`)
const counted = '4 of 4 runs within the chosen ranges'

describe('the panel of parallel coordinates', () => {
  it('starts with what was changed on the left and what came of it on the right', async () => {
    const { text } = await show(ParallelPanel, { props })
    expect(axes()).toEqual(['Patience', SCORE, CORRELATION])
    expect(text()).toContain(counted)
  })

  it('puts the score that the table is sorted by first', async () => {
    await show(ParallelPanel, { props: { ...props, asked: ['name', V1] } })
    expect(axes()).toEqual(['Patience', CORRELATION, SCORE])
  })

  it('takes the seed where nothing else differs', async () => {
    const seedOnly = COMPARISON.differences.filter((d) => d.path === 'seed')
    await show(ParallelPanel, { props: { comparison: { ...COMPARISON, differences: seedOnly } } })
    expect(axes()).toEqual(['Seed', SCORE, CORRELATION])
  })

  it('has log axes for values over more than two decades, and says why', async () => {
    const differences = [{ path: 'trainer.config.lr', values: [0.001, 0.001, 1, 1], defaults: [] }]
    const { text } = await show(ParallelPanel, {
      props: { comparison: { ...COMPARISON, differences } },
    })
    expect(text()).toContain('log axes, since values span more than two decades: trainer.lr;')
  })

  it('chooses runs by numbers that are typed, in either order of the ends', async () => {
    const { user, text, emitted } = await show(ParallelPanel, { props })
    await user.clear(from(SCORE))
    await user.type(from(SCORE), '95.5{Tab}')
    expect(text()).toContain('2 of 4 runs within')
    expect(byRole('textbox', `${SCORE}, to`)).toHaveProperty('value', '97')
    await user.clear(byRole('textbox', `${SCORE}, to`))
    await user.type(byRole('textbox', `${SCORE}, to`), '94.5{Tab}')
    expect(text()).toContain('1 of 4 runs within')
    expect(from(SCORE)).toHaveProperty('value', '94.5')
    await user.click(byRole('button', 'Keep these runs only'))
    expect(emitted).toEqual([{ name: 'keep', values: [['aaaaaaaaa2']] }])
    expect(text()).toContain(counted)
  })

  it('clears ranges, and says when there is none to clear or to keep', async () => {
    const { user, text } = await show(ParallelPanel, { props })
    const clear = byRole('button', 'Clear ranges')
    expect([clear.title, byRole('button', 'Keep these runs only').title]).toEqual([
      'No range is chosen',
      'Choose ranges first',
    ])
    await user.clear(from('Patience'))
    await user.type(from('Patience'), '6{Tab}')
    expect(text()).toContain('2 of 4 runs within')
    await user.click(clear)
    expect(text()).toContain(counted)
    expect(from('Patience')).toHaveProperty('value', '5')
  })

  it('does not keep a choice that no run is in', async () => {
    const { user, text } = await show(ParallelPanel, { props })
    await user.clear(from('Patience'))
    await user.type(from('Patience'), '6{Tab}')
    const to = byRole('textbox', 'Patience, to')
    await user.clear(to)
    await user.type(to, '8{Tab}')
    expect(text()).toContain('0 of 4 runs within')
    expect(byRole('button', 'Keep these runs only').getAttribute('aria-disabled')).toBe('true')
  })

  it('gives a field its number back when something else was typed', async () => {
    const { user } = await show(ParallelPanel, { props })
    await user.clear(from('Patience'))
    await user.type(from('Patience'), 'many{Tab}')
    expect(from('Patience')).toHaveProperty('value', '5')
  })

  it('moves, flips and takes away axes', async () => {
    const { user } = await show(ParallelPanel, { props })
    expect(byRole('button', 'Move Patience left').title).toBe('It is the first axis')
    expect(byRole('button', `Move ${CORRELATION} right`).title).toBe('It is the last axis')
    await user.click(byRole('button', 'Move Patience right'))
    expect(axes().slice(0, 2)).toEqual([SCORE, 'Patience'])
    await user.click(byRole('button', 'Move Patience left'))
    const flip = byRole('button', 'Flip Patience')
    await user.click(flip)
    expect(flip.getAttribute('aria-pressed')).toBe('true')
    await user.click(flip)
    expect(flip.getAttribute('aria-pressed')).toBe('false')
    await user.click(byRole('button', `Remove ${SCORE}`))
    expect(axes()).toEqual(['Patience', CORRELATION])
  })

  it('forgets the range of an axis that is taken away', async () => {
    const { user, text } = await show(ParallelPanel, { props })
    await user.clear(from('Patience'))
    await user.type(from('Patience'), '6{Tab}')
    await user.click(byRole('button', 'Remove Patience'))
    expect(byRole('button', 'Clear ranges').title).toBe('No range is chosen')
    await user.click(byRole('button', /Axes/))
    await user.click(byRole('menuitemcheckbox', 'Patience'))
    expect(text()).toContain(counted)
  })

  it('adds axes by the menu, also words, whose ends are chosen from a list', async () => {
    const { user, text } = await show(ParallelPanel, { props })
    await user.click(byRole('button', /Axes/))
    await user.click(byRole('menuitemcheckbox', 'Setting'))
    expect(axes().at(-1)).toBe('Setting')
    const ends = byRole('combobox', 'Setting, from')
    expect(within(ends).getAllByRole('option').map(words)).toEqual(['plain', 'joint'])
    await user.selectOptions(ends, 'joint')
    expect(text()).toContain('2 of 4 runs within')
    await user.click(byRole('button', /Axes/))
    await user.click(byRole('menuitemcheckbox', 'Setting'))
    expect(axes()).toHaveLength(3)
    expect(text()).toContain(counted)
  })

  it('takes no more axes than can be read', async () => {
    const many = Array.from({ length: 13 }, (_, i) => ({
      path: `trainer.config.option${i}`,
      values: [0, 1, 2, i],
      defaults: [false, false, false, false],
    }))
    const { user, text } = await show(ParallelPanel, {
      props: { comparison: { ...COMPARISON, differences: many } },
    })
    expect(axes()).toEqual([...many.slice(0, 10).map((_, i) => `trainer.option${i}`), SCORE, CORRELATION])
    expect(text()).toContain(
      'without an axis, though they differ: trainer.option10, trainer.option11, trainer.option12;',
    )
    await user.click(byRole('button', /Axes/))
    const more = byRole('menuitemcheckbox', 'trainer.option10')
    expect([more.getAttribute('aria-disabled'), more.title]).toEqual([
      'true',
      'More than 12 axes cannot be read',
    ])
    expect(byRole('menuitemcheckbox', 'trainer.option3').getAttribute('aria-disabled')).toBeNull()
  })

  it('colours the lines by a number and says what the colours mean', async () => {
    const { user, text } = await show(ParallelPanel, { props })
    await user.selectOptions(byRole('combobox', 'Colour'), SCORE)
    expect(text()).toContain(`colour: ${SCORE}, dark 94 to bright 97; a missing value interrupts a line`)
    await user.selectOptions(byRole('combobox', 'Colour'), 'of the run')
    expect(text()).not.toContain('dark 94')
  })

  it('has a line per setting over seeds, and keeps all its runs', async () => {
    const { user, text, emitted } = await show(ParallelPanel, { props: { ...props, grouping: 'seeds' } })
    expect(axes()).toEqual(['Patience', SCORE, 'V1 single-trial correlation (test)'])
    expect(text()).toContain('2 of 2 settings within the chosen ranges')
    expect(text()).toContain('each line a setting, means over its seeds')
    // Means of 94 and 95, of 96 and 97.
    expect(from(SCORE)).toHaveProperty('value', '94.5')
    expect(byRole('textbox', `${SCORE}, to`)).toHaveProperty('value', '96.5')
    await user.clear(from(SCORE))
    await user.type(from(SCORE), '95{Tab}')
    await user.click(byRole('button', 'Keep these settings only'))
    expect(emitted).toEqual([{ name: 'keep', values: [['bbbbbbbbb1', 'bbbbbbbbb2']] }])
  })

  it('says that nothing tells the runs apart, and still offers axes', async () => {
    const same = { ...COMPARISON, differences: [], metrics: [] }
    const { user, text } = await show(ParallelPanel, { props: { comparison: same } })
    expect(text()).toContain('Nothing to tell the runs apart')
    await user.click(byRole('button', /Axes/))
    expect(screen.getAllByRole('menuitemcheckbox').map(words)).toEqual([
      'Setting',
      'Time of work, s',
      'Epochs trained',
    ])
  })
})
