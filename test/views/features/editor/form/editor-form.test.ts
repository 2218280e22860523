import { screen, within } from '@testing-library/dom'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { UNFOLDED } from '../../../../../src-renderer/config/folds.ts'
import { sectionsOf } from '../../../../../src-renderer/config/form-state.ts'
import ErrorSummary from '../../../../../src-renderer/features/editor/form/ErrorSummary.vue'
import HelpPanel from '../../../../../src-renderer/features/editor/form/HelpPanel.vue'
import SectionForm from '../../../../../src-renderer/features/editor/form/SectionForm.vue'
import { COTRAINED_YAML } from '../../../../support/fake-renderer/made-up-configs.ts'
import { byRole, show } from '../../../../support/show.ts'
import { words } from '../../compare/small-comparison.ts'

const sections = sectionsOf(parse(COTRAINED_YAML))
const section = (id: string, from = sections) => {
  const found = from.find((s) => s.id === id)
  if (found === undefined) throw new Error(`no section ${id}`)
  return found
}
const trainer = section('trainer')
const fields = trainer.groups.flatMap((g) => g.fields)
/** Groups that are always on have no control of their own. */
const withControl = fields
  .filter((f) => f.field.kind !== 'group' || f.field.nullable)
  .map((f) => f.field.key)
  .toSorted()
const showing = { ...UNFOLDED, fold: 'common' }
const props = { section: trainer, problems: [], showing }
const shown = (): string[] =>
  [...document.querySelectorAll('[id^="field-trainer.config."]')].flatMap((e) =>
    e.id.endsWith('-help') || e.id.split('.').length > 3 ? [] : [e.id.replace('field-trainer.config.', '')],
  )

describe('a part of the form', () => {
  it('shows the usual options and those that were changed, and the advanced ones on demand', async () => {
    const { user, emitted, change } = await show(SectionForm, { props })
    const folded = fields.filter((f) => f.field.advanced === true && !f.isChanged).length
    expect(folded).toBeGreaterThan(1)
    expect(byRole('textbox', 'Patience (changed)')).toHaveProperty('value', '5')
    const advanced = new Set(
      fields.filter((f) => f.field.advanced === true && !f.isChanged).map((f) => f.field.key),
    )
    expect(shown().filter((key) => advanced.has(key))).toEqual([])
    await user.click(byRole('button', `Show ${folded} advanced options`))
    expect(emitted).toEqual([{ name: 'flip', values: ['trainer:more'] }])
    await change({ showing: { ...showing, flipped: new Set(['trainer:more']) } })
    expect(shown().toSorted()).toEqual(withControl)
    expect(document.activeElement).toBe(byRole('button', `Hide ${folded} advanced options`))
  })

  it('shows all options, or only those that differ from the defaults', async () => {
    const { change, text } = await show(SectionForm, {
      props: { ...props, showing: { ...showing, fold: 'changed' } },
    })
    expect(shown().toSorted()).toEqual(
      fields
        .filter((f) => f.isChanged)
        .map((f) => f.field.key)
        .toSorted(),
    )
    expect(shown()).toContain('patience')
    await change({ showing: UNFOLDED })
    expect(shown().toSorted()).toEqual(withControl)
    const untouched = section('trainer', sectionsOf({ trainer: { fn: 'cotrainer' } }))
    await change({ showing: { ...showing, fold: 'changed' }, section: untouched })
    expect(text()).toContain('Nothing changed from the defaults here.')
  })

  it('finds options by words of their label or help, folded or not', async () => {
    const { change } = await show(SectionForm, {
      props: { ...props, showing: { ...showing, query: 'patience' } },
    })
    expect(shown()).toContain('patience')
    expect(shown().length).toBeLessThan(fields.length / 2)
    await change({ showing: { ...showing, query: 'no such words anywhere' } })
    expect(document.querySelector<HTMLElement>('#section-trainer')?.style.display).toBe('none')
  })

  it('unfolds what is wrong', async () => {
    const folded = fields.find((f) => f.field.advanced === true && !f.isChanged)
    if (folded === undefined) throw new Error('the trainer has advanced options')
    const path = folded.path.join('.')
    const problems = [{ code: 'config-invalid', path, message: 'It is too small.', hint: 'Raise it.' }]
    const { text, change } = await show(SectionForm, { props })
    expect(shown()).not.toContain(folded.field.key)
    await change({ problems, showing: { ...showing, problems } })
    expect(shown()).toContain(folded.field.key)
    expect(text()).toContain('It is too small. Raise it.')
  })

  it('tells which option was set to what, and which one is looked at', async () => {
    const { user, emitted } = await show(SectionForm, { props })
    const patience = byRole('textbox', 'Patience (changed)')
    await user.clear(patience)
    await user.type(patience, '9{Tab}')
    expect(emitted.find(({ name }) => name === 'focus')?.values).toEqual(['trainer.config.patience'])
    expect(emitted.filter(({ name }) => name === 'set').at(-1)?.values).toEqual([
      ['trainer', 'config', 'patience'],
      9,
    ])
  })

  it('offers the components of its kind, and says what is wrong with the one that is named', async () => {
    const { user, emitted, change, text } = await show(SectionForm, {
      props: { ...props, section: section('dataset') },
    })
    const choice = byRole('combobox', 'Data set: which one')
    expect(choice).toHaveProperty('value', 'mtl_loader')
    await user.selectOptions(choice, 'img_loader')
    expect(emitted.filter(({ name }) => name === 'choose')).toEqual([
      { name: 'choose', values: ['dataset', 'img_loader'] },
    ])
    expect(emitted.find(({ name }) => name === 'focus')?.values).toEqual(['dataset.fn'])
    await change({
      section: section('dataset', sectionsOf({ dataset: { fn: 'none' } })),
      problems: [{ code: 'c', path: 'dataset.fn', message: 'There is no none.', hint: 'Take another.' }],
    })
    expect(within(byRole('combobox', 'Data set: which one')).getAllByRole('option')[0]?.textContent).toBe(
      'choose one',
    )
    expect(text()).toContain('There is no none. Take another.')
    expect(byRole('combobox', 'Data set: which one').getAttribute('aria-invalid')).toBe('true')
  })

  it('offers no components for the run itself', async () => {
    await show(SectionForm, { props: { ...props, section: section('run') } })
    expect(screen.queryByRole('combobox', { name: /which one/ })).toBeNull()
    expect(byRole('textbox', /^Seed/)).toHaveProperty('value', '1000')
  })
})

describe('the list of problems', () => {
  const problems = [
    { code: 'c', path: 'trainer.config.patience', message: 'It is too small.', hint: 'Raise it.' },
    { code: 'c', message: 'A bracket is missing.', hint: 'Mend the text in the YAML view.' },
  ]

  it('leads from each problem to its field, or to the text', async () => {
    const { user, emitted, text } = await show(ErrorSummary, { props: { problems } })
    expect(text()).toContain('2 problems to mend before it can be queued')
    expect(screen.getAllByRole('listitem').map(words)).toEqual([
      'trainer.config.patience It is too small. Raise it.',
      'YAML A bracket is missing. Mend the text in the YAML view.',
    ])
    await user.click(byRole('link', 'trainer.config.patience'))
    await user.click(byRole('link', 'YAML'))
    expect(emitted).toEqual([
      { name: 'go', values: ['trainer.config.patience'] },
      { name: 'yaml', values: [] },
    ])
  })

  it('counts one in words and is not there without any', async () => {
    const { change, text } = await show(ErrorSummary, { props: { problems: problems.slice(0, 1) } })
    expect(text()).toContain('One problem to mend')
    await change({ problems: [] })
    expect(text()).toBe('')
  })
})

describe('the help beside the form', () => {
  const facts = (): Record<string, string> => {
    const terms = screen.getAllByRole('term').map(words)
    const texts = screen.getAllByRole('definition').map(words)
    return Object.fromEntries(terms.map((t, i) => [t, texts[i] ?? '']))
  }

  it('says what is known of the option that is looked at', async () => {
    const { text } = await show(HelpPanel, { props: { sections, path: 'trainer.config.patience' } })
    expect(facts()).toMatchObject({
      Key: 'trainer.config.patience',
      Type: 'whole number',
      Unit: 'evaluations',
      Value: '5',
      'Changes the result': 'yes',
    })
    expect(byRole('heading', 'Patience')).toBe(screen.getAllByRole('heading')[0])
    expect(text()).toContain(trainer.component?.help)
  })

  it('says that names change no result', async () => {
    await show(HelpPanel, { props: { sections, path: 'name' } })
    expect(facts()['Changes the result']).toBe('no; runs that differ here only are the same run')
    expect(facts()['Value']).toBe('demo co-trained')
  })

  it('describes the component where its choice is looked at, and asks for a field otherwise', async () => {
    const { text, change } = await show(HelpPanel, { props: { sections, path: 'dataset.fn' } })
    expect(text()).toContain('Move into a field to read about it here.')
    expect(text()).toContain(section('dataset').component?.help)
    await change({ path: '' })
    expect(screen.queryByRole('heading')).toBeNull()
  })
})
