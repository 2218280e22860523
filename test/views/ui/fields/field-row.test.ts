import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { UNFOLDED } from '../../../../src-renderer/config/folds.ts'
import type { FieldState } from '../../../../src-renderer/config/form-state.ts'
import type { FormField } from '../../../../src-shared/schema/form.ts'
import FieldRow from '../../../../src-renderer/ui/fields/FieldRow.vue'
import { byRole, show } from '../../../support/show.ts'

const field = (more: Partial<FormField> = {}): FormField => ({
  key: 'lr',
  kind: 'number',
  label: 'Learning rate',
  help: 'Size of a step.',
  default: 0.1,
  nullable: false,
  ...more,
})
const state = (more: Partial<FieldState> = {}): FieldState => ({
  field: field(),
  path: ['trainer', 'config', 'lr'],
  value: 0.1,
  fallback: 0.1,
  source: 'default',
  isChanged: false,
  inner: [],
  ...more,
})
const rowOf = (more: Partial<FieldState> = {}, props: Record<string, unknown> = {}) =>
  show(FieldRow, { props: { state: state(more), problems: [], ...props } })

const LR = state({ path: ['trainer', 'config', 'opt', 'lr'] })
const MOMENTUM = state({
  field: field({ key: 'momentum', label: 'Momentum', help: 'What is kept.', default: 0.9 }),
  path: ['trainer', 'config', 'opt', 'momentum'],
  value: 0.9,
  fallback: 0.9,
})
const GROUP: Partial<FieldState> = {
  field: field({
    key: 'opt',
    kind: 'group',
    label: 'Optimizer options',
    help: 'How it steps.',
    nullable: true,
    fields: [LR.field, MOMENTUM.field],
  }),
  path: ['trainer', 'config', 'opt'],
  value: {},
  fallback: null,
  inner: [LR, MOMENTUM],
}

describe('the row of one option', () => {
  it('ties label, unit, help, range and default to the control', async () => {
    await rowOf({ field: field({ unit: 'per step', min: 0, exclusiveMin: true }) })
    const box = byRole('textbox', 'Learning rate')
    expect(box).toHaveProperty('value', '0.1')
    const help = document.getElementById(box.getAttribute('aria-describedby') ?? '')
    expect(help?.textContent).toBe('Size of a step. (above 0, default 0.1)')
    expect(screen.getByText('per step').previousElementSibling?.textContent.trim()).toBe('Learning rate')
  })

  it.each([
    [{ kind: 'text', default: '' }, '', 'Size of a step.'],
    [{ kind: 'list', default: [] }, [], 'Size of a step.'],
    [{ kind: 'record', default: {} }, {}, 'Size of a step.'],
    [{ kind: 'boolean', default: false }, false, 'Size of a step. (default no)'],
    [{ nullable: true, max: 1 }, null, 'Size of a step. (at most 1, default off)'],
  ] as const)('says of %j only what is worth a word', async (more, fallback, words) => {
    await rowOf({ field: field(more), value: fallback, fallback })
    expect(document.getElementById('field-trainer.config.lr-help')?.textContent).toBe(words)
  })

  it('says a change with its path', async () => {
    const { user, emitted } = await rowOf()
    const box = byRole('textbox', 'Learning rate')
    await user.clear(box)
    await user.type(box, '0.5')
    await user.tab()
    expect(emitted).toEqual([
      { name: 'focus', values: ['trainer.config.lr'] },
      { name: 'set', values: [['trainer', 'config', 'lr'], 0.5] },
    ])
  })

  it('marks what was changed and takes it back to the default', async () => {
    const { user, emitted, change } = await rowOf({ value: 0.7, isChanged: true, source: 'given' })
    expect(byRole('textbox', /^Learning rate \(changed\)$/)).toHaveProperty('value', '0.7')
    expect(screen.getByTitle('Changed from the default').textContent).toBe('')
    const reset = byRole('button', 'Reset Learning rate')
    expect(reset.title).toBe('Back to the default (0.1)')
    await user.click(reset)
    expect(emitted.filter(({ name }) => name === 'set')).toEqual([
      { name: 'set', values: [['trainer', 'config', 'lr'], 0.1] },
    ])
    await change({ state: state() })
    expect(screen.queryByRole('button', { name: 'Reset Learning rate' })).toBeNull()
    expect(byRole('textbox', 'Learning rate')).toHaveProperty('value', '0.1')
  })

  it('says what cannot be read, until something can', async () => {
    const { user, text, emitted, change } = await rowOf()
    const box = byRole('textbox', 'Learning rate')
    await user.type(box, 'x')
    await user.tab()
    expect(text()).toContain('"0.1x" is not a number.')
    expect(box.getAttribute('aria-invalid')).toBe('true')
    await user.clear(box)
    await user.type(box, '0.2')
    await user.tab()
    expect(text()).not.toContain('is not a number')
    expect(emitted.at(-1)).toEqual({ name: 'set', values: [['trainer', 'config', 'lr'], 0.2] })
    await user.type(box, 'y')
    await user.tab()
    expect(text()).toContain('is not a number')
    await change({ state: state({ value: 0.3, isChanged: true, source: 'given' }) })
    expect(text()).not.toContain('is not a number')
    expect(box).toHaveProperty('value', '0.3')
  })

  it('shows the problems of its own path and below with what to do, and no others', async () => {
    const { text, change } = await rowOf(
      {},
      {
        problems: [
          { code: 'config-invalid', path: 'trainer.config.lr', message: 'Too large.', hint: 'Use 0.1.' },
          { code: 'config-invalid', path: 'trainer.config.lr.0', message: 'Entry.' },
          { code: 'config-invalid', path: 'trainer.config.lr_decay', message: 'Other.' },
        ],
      },
    )
    expect(text()).toContain('Too large. Use 0.1.')
    expect(text()).toContain('Entry.')
    expect(text()).not.toContain('Other.')
    expect(byRole('textbox', 'Learning rate').getAttribute('aria-invalid')).toBe('true')
    await change({ problems: [] })
    expect(text()).not.toContain('Too large.')
    expect(byRole('textbox', 'Learning rate').getAttribute('aria-invalid')).toBe('false')
  })
})

describe('the row of a group of options', () => {
  it('holds the rows of its parts, which say their own changes and problems', async () => {
    const problem = { code: 'config-invalid', path: 'trainer.config.opt.lr', message: 'Too large.' }
    const { user, text, emitted } = await rowOf(GROUP, { problems: [problem] })
    expect(text().match(/Too large/g)).toHaveLength(1)
    await user.type(byRole('textbox', 'Momentum'), '9')
    await user.tab()
    expect(emitted).toEqual([
      { name: 'focus', values: ['trainer.config.opt.momentum'] },
      { name: 'set', values: [['trainer', 'config', 'opt', 'momentum'], 0.99] },
    ])
  })

  it('is turned on and off by its box where it may be off', async () => {
    const { user, emitted, change } = await rowOf({ ...GROUP, value: null, inner: [] })
    const box = screen.getByRole<HTMLInputElement>('checkbox', { name: 'Optimizer options' })
    expect(box.checked).toBe(false)
    expect(screen.queryByRole('textbox')).toBeNull()
    await user.click(box)
    await change({ state: state(GROUP) })
    expect(box.checked).toBe(true)
    expect(screen.getAllByRole('textbox')).toHaveLength(2)
    await user.click(box)
    expect(emitted.filter(({ name }) => name === 'set').map(({ values }) => values)).toEqual([
      [['trainer', 'config', 'opt'], {}],
      [['trainer', 'config', 'opt'], null],
    ])
  })

  it('has no box where it is always there, and is taken out as a whole when it is reset', async () => {
    const always = { ...field({ kind: 'group', label: 'Options', key: 'opt' }), fields: [] }
    const { user, emitted } = await rowOf({ ...GROUP, field: always, isChanged: true, fallback: {} })
    expect(screen.queryByRole('checkbox')).toBeNull()
    await user.click(byRole('button', 'Reset Options'))
    expect(emitted.filter(({ name }) => name === 'set')).toEqual([
      { name: 'set', values: [['trainer', 'config', 'opt'], undefined] },
    ])
  })

  it('shows the parts that a search means, or all when it means the group', async () => {
    const { change } = await rowOf(GROUP, { showing: { ...UNFOLDED, query: 'kept' } })
    const names = () => screen.getAllByRole('textbox').map((b) => b.id.split('.').at(-1))
    expect(names()).toEqual(['momentum'])
    await change({ showing: { ...UNFOLDED, query: 'optimizer' } })
    expect(names()).toEqual(['lr', 'momentum'])
    await change({ showing: UNFOLDED })
    expect(names()).toEqual(['lr', 'momentum'])
  })
})

describe('the control of an option', () => {
  it.each([
    [{ kind: 'boolean' }, true, 'switch'],
    [{ kind: 'choice', choices: ['a'] }, 'a', 'combobox'],
    [{ kind: 'list' }, [1], 'textbox'],
    [{ kind: 'value' }, [1], 'textbox'],
    [{ kind: 'int' }, 1, 'textbox'],
  ] as const)('of %j is reached by the label', async (more, value, role) => {
    await rowOf({ field: field(more), value, fallback: value })
    expect(byRole(role, 'Learning rate').id).toBe('field-trainer.config.lr')
  })

  it.each([
    [{ kind: 'choice', choices: ['a'] }, 'b', 'combobox'],
    [{ kind: 'list' }, [1], 'textbox'],
    [{ kind: 'value' }, [1], 'textbox'],
    [{ kind: 'text' }, 'a', 'textbox'],
    [{ kind: 'text', refersTo: 'run' }, 'a', 'textbox'],
    [{ kind: 'int' }, 1, 'textbox'],
  ] as const)('of %j is marked where it is wrong, and tied to its help', async (more, value, role) => {
    const problems = [{ code: 'config-invalid', path: 'trainer.config.lr', message: 'Wrong.' }]
    await rowOf({ field: field(more), value, fallback: value }, { problems })
    expect(byRole(role, 'Learning rate').getAttribute('aria-invalid')).toBe('true')
    expect(byRole(role, 'Learning rate').getAttribute('aria-describedby')).toBe(
      'field-trainer.config.lr-help',
    )
  })

  it('of one named value is marked with all of them', async () => {
    const problems = [{ code: 'config-invalid', path: 'trainer.config.lr.v1', message: 'Wrong.' }]
    await rowOf({ field: field({ kind: 'record' }), value: { v1: 1 }, fallback: {} }, { problems })
    expect(byRole('textbox', 'V1').getAttribute('aria-invalid')).toBe('true')
    expect(byRole('textbox', 'V1').getAttribute('aria-describedby')).toBe('field-trainer.config.lr-help')
  })

  it('that names a run offers to choose one', async () => {
    await rowOf({ field: field({ kind: 'text', refersTo: 'run', label: 'Parent' }), value: '', fallback: '' })
    expect(byRole('button', 'Choose a run').getAttribute('aria-disabled')).toBe('true')
    expect(byRole('textbox', 'Parent')).toHaveProperty('value', '')
  })

  it('of named values is a group with the name of the option', async () => {
    await rowOf({ field: field({ kind: 'record', label: 'Weights' }), value: { v1: 1 }, fallback: {} })
    expect(byRole('group', 'Weights').textContent).toContain('V1')
  })
})
