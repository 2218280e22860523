import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import FilterBox from '../../../../src-renderer/features/runs/FilterBox.vue'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'
import { byRole, show } from '../../../support/show.ts'

const runs = demoRuns().map(({ summary }, n) => ({ ...summary, tags: n === 0 ? ['my paper'] : ['demo'] }))
const options = [
  { path: 'trainer.config.lr_init', distinct: 3, samples: ['0.001', '0.01', '0.1'] },
  { path: 'model.config.vgg_type', distinct: 1, samples: ['vgg11_bn'] },
]
const filter = (problems: readonly string[] = []) =>
  show(FilterBox, { props: { modelValue: '', runs, options, problems } })
const box = (): HTMLInputElement => byRole('combobox', 'Search runs') as HTMLInputElement
/** Proposals without their notes, and those with them. */
const proposals = (): string[] => screen.queryAllByRole('option').map((o) => o.firstChild?.textContent ?? '')
const withNotes = (): string[] => screen.getAllByRole('option').map((o) => o.textContent ?? '')
const marked = (): string | null | undefined =>
  document.getElementById(box().getAttribute('aria-activedescendant') ?? '')?.firstChild?.textContent

describe('the filter of runs', () => {
  it('proposes fields of runs, scores and options, those first that begin like the word', async () => {
    const { user } = await filter()
    await user.type(box(), 'st')
    expect(withNotes()).toEqual(['status:of the run', 'robustness>score'])
    await user.clear(box())
    await user.type(box(), '-ta')
    expect(proposals()).toEqual(['-tag:', '-status:', '-dataset:'])
    await user.clear(box())
    await user.type(box(), 'lr_')
    expect(withNotes()).toEqual(['trainer.lr_init=option, 3 values'])
    await user.clear(box())
    await user.type(box(), 'demo vgg')
    expect(withNotes()).toEqual(['model.vgg_type:option, always vgg11_bn'])
  })

  it('takes proposals by keyboard, first the field and then one of the values that runs have', async () => {
    const { user, emitted } = await filter()
    await user.type(box(), 'demo stat{ArrowDown}')
    expect(marked()).toBe('status:')
    await user.keyboard('{Enter}')
    expect(box().value).toBe('demo status:')
    expect(proposals()).toEqual([
      'status:failed',
      'status:finished',
      'status:interrupted',
      'status:queued',
      'status:running',
    ])
    await user.type(box(), 'fin{ArrowDown}{Enter}')
    expect(emitted.at(-1)).toEqual({ name: 'update:modelValue', values: ['demo status:finished '] })
    expect(proposals()).toEqual([])
    expect(box().getAttribute('aria-expanded')).toBe('false')
  })

  it('goes round at both ends of the proposals', async () => {
    const { user } = await filter()
    await user.type(box(), 'status:{ArrowUp}')
    expect(marked()).toBe('status:running')
    await user.keyboard('{ArrowDown}')
    expect(marked()).toBe('status:failed')
    await user.keyboard('{ArrowUp}{ArrowUp}')
    expect(marked()).toBe('status:queued')
    expect(screen.getAllByRole('option', { selected: true })).toHaveLength(1)
    await user.type(box(), 'f')
    expect(box().getAttribute('aria-activedescendant')).toBeNull()
  })

  it('takes a proposal that is clicked, and keeps the focus', async () => {
    const { user } = await filter()
    await user.type(box(), 'see')
    await user.click(byRole('option', /^seed:/))
    expect(box().value).toBe('seed:')
    expect(document.activeElement).toBe(box())
    expect(proposals()).toEqual(['seed:1000', 'seed:2000', 'seed:3000'])
  })

  it('puts values with blanks between quotes', async () => {
    const { user } = await filter()
    await user.type(box(), 'tag:my{ArrowDown}{Enter}')
    expect(box().value).toBe('tag:"my paper" ')
  })

  it('proposes further values behind a comma, without those that are there', async () => {
    const { user } = await filter()
    await user.type(box(), 'demo status:failed,f')
    expect(proposals()).toEqual(['status:failed,finished'])
    await user.keyboard('{ArrowDown}{Enter}')
    expect(box().value).toBe('demo status:failed,finished ')
    await user.clear(box())
    await user.type(box(), 'tag:"my paper",{ArrowDown}{Enter}')
    expect(box().value).toBe('tag:"my paper",demo ')
  })

  it('proposes values of options and of "is"', async () => {
    const { user } = await filter()
    await user.type(box(), 'trainer.lr_init=0.0')
    expect(proposals()).toEqual(['trainer.lr_init=0.001', 'trainer.lr_init=0.01'])
    await user.clear(box())
    await user.type(box(), 'is:')
    expect(proposals()).toEqual(['is:starred', 'is:active', 'is:child', 'is:damaged'])
  })

  it('closes proposals by Escape, opens them by ArrowDown, and is emptied by Escape', async () => {
    const { user } = await filter()
    await user.type(box(), 'status:{Escape}')
    expect([box().value, proposals()]).toEqual(['status:', []])
    await user.keyboard('{ArrowDown}')
    expect(proposals()).toHaveLength(5)
    await user.keyboard('{Escape}{Escape}')
    expect(box().value).toBe('')
  })

  it('closes the proposals when it is left', async () => {
    const { user } = await filter()
    await user.type(box(), 'status:')
    await user.tab()
    expect(proposals()).toEqual([])
  })

  it('leaves Enter alone while no proposal is marked', async () => {
    const { user } = await filter()
    await user.type(box(), 'status:{Enter}')
    expect(box().value).toBe('status:')
  })

  it('says what is wrong with the filter', async () => {
    await filter(['No run has a field “acuracy”.', 'Did you mean accuracy?'])
    expect(box().getAttribute('aria-invalid')).toBe('true')
    const words = document.getElementById(box().getAttribute('aria-describedby') ?? '')
    expect(words?.textContent?.trim()).toBe('No run has a field “acuracy”. Did you mean accuracy?')
  })

  it('tells when it is entered, and explains itself behind a button', async () => {
    const { user, emitted, text } = await filter()
    await user.click(box())
    expect(emitted).toEqual([{ name: 'focus', values: [] }])
    await user.click(byRole('button', 'Help: How to filter'))
    expect(text()).toContain('a minus in front means not, a comma means or')
  })
})
