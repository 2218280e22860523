import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { h, ref } from 'vue'
import type { FormField } from '../../../../src-shared/schema/form.ts'
import RecordField from '../../../../src-renderer/ui/fields/RecordField.vue'
import { byRole, show } from '../../../support/show.ts'

const ENTRY: FormField = { key: '', kind: 'number', label: '', help: '', default: null, nullable: false }
const FIELD: FormField = {
  key: 'w',
  kind: 'record',
  label: 'Weights',
  help: '',
  default: {},
  nullable: false,
}
const given = (value: unknown, entry: Partial<FormField> | null = {}) => ({
  props: {
    field: entry === null ? FIELD : { ...FIELD, entry: { ...ENTRY, ...entry } },
    value,
    id: 'f',
    invalid: false,
    describedBy: 'f-help',
  },
})
const newName = () =>
  screen.getByRole<HTMLInputElement>('textbox', { name: 'Name of a new entry of Weights' })
const addButton = () => byRole('button', 'Add an entry to Weights')

describe('the field of named values', () => {
  it('shows each value under its name and changes one without touching the others', async () => {
    const { user, emitted } = await show(RecordField, given({ v1: 1, v4: 0.5 }))
    expect(byRole('group', 'Weights').getAttribute('aria-describedby')).toBe('f-help')
    expect(byRole('textbox', 'V1')).toHaveProperty('value', '1')
    const v4 = byRole('textbox', 'V4')
    await user.clear(v4)
    await user.type(v4, '2')
    await user.tab()
    expect(emitted).toEqual([{ name: 'change', values: [{ v1: 1, v4: 2 }] }])
  })

  it('passes on why a value cannot be read', async () => {
    const { user, emitted } = await show(RecordField, given({ v1: 1 }))
    await user.type(byRole('textbox', 'V1'), 'x')
    await user.tab()
    expect(emitted).toEqual([{ name: 'refuse', values: ['"1x" is not a number.'] }])
  })

  it('removes an entry, the last one too', async () => {
    const { user, emitted, change } = await show(RecordField, given({ v1: 1, v4: 0.5 }))
    await user.click(byRole('button', 'Remove V1'))
    await change({ value: { v4: 0.5 } })
    expect(screen.queryByRole('textbox', { name: 'V1' })).toBeNull()
    await user.click(byRole('button', 'Remove V4'))
    expect(emitted.map(({ values }) => values[0])).toEqual([{ v4: 0.5 }, {}])
  })

  it('adds an entry by its button or by Enter, and empties the box for the next', async () => {
    const { user, emitted, change } = await show(RecordField, given(null))
    await user.type(newName(), ' v1 ')
    await user.click(addButton())
    expect(newName().value).toBe('')
    await change({ value: { v1: 0 } })
    await user.type(newName(), 'v4{Enter}')
    expect(newName().value).toBe('')
    expect(emitted.map(({ values }) => values[0])).toEqual([{ v1: 0 }, { v1: 0, v4: 0 }])
  })

  it('refuses an entry without a name and one that is there, and keeps what was typed', async () => {
    const { user, emitted } = await show(RecordField, given({ v1: 1 }))
    await user.click(addButton())
    await user.type(newName(), '  v1{Enter}')
    expect(emitted).toEqual([
      { name: 'refuse', values: ['Type the name of the entry first.'] },
      { name: 'refuse', values: ['There is already an entry "v1".'] },
    ])
    expect(newName().value).toBe('  v1')
  })

  it.each([
    [{ kind: 'int' }, 0],
    [{ kind: 'boolean' }, true],
    [{ kind: 'text' }, ''],
    [{ kind: 'list' }, []],
    [{ kind: 'group' }, {}],
    [{ kind: 'choice', choices: ['mean', 'sum'] }, 'mean'],
    [null, null],
  ] as const)('starts an entry of %j with a value of its kind', async (entry, start) => {
    const { user, emitted } = await show(RecordField, given({}, entry))
    await user.type(newName(), 'v1{Enter}')
    expect(emitted).toEqual([{ name: 'change', values: [{ v1: start }] }])
  })

  it.each([
    [{ kind: 'boolean' }, true, 'switch'],
    [{ kind: 'choice', choices: ['mean', 'sum'] }, 'sum', 'combobox'],
    [{ kind: 'record' }, { a: 1 }, 'textbox'],
    [null, [0, 1], 'textbox'],
  ] as const)('has the control of an entry of %j', async (entry, value, role) => {
    await show(RecordField, given({ v1: value }, entry))
    expect(byRole(role, 'V1').id).toBe('f.v1')
  })

  it('reads what has parts of its own as YAML', async () => {
    const { user, emitted } = await show(RecordField, given({ v1: { a: 1 } }, { kind: 'group' }))
    const box = byRole('textbox', 'V1')
    expect(box).toHaveProperty('value', '{ a: 1 }')
    await user.clear(box)
    await user.type(box, '{{a: 2}')
    await user.tab()
    expect(emitted).toEqual([{ name: 'change', values: [{ v1: { a: 2 } }] }])
  })

  it('hands the focus on when an entry is removed: to the next, and to the new entry after the last', async () => {
    const value = ref<unknown>({ v1: 1, v4: 2 })
    const form = () =>
      h(RecordField, {
        ...given(value.value).props,
        onChange: (next: unknown) => {
          value.value = next
        },
      })
    const { user } = await show({ render: form })
    await user.click(byRole('button', 'Remove V1'))
    expect(document.activeElement).toBe(byRole('button', 'Remove V4'))
    await user.click(byRole('button', 'Remove V4'))
    expect(document.activeElement).toBe(newName())
  })

  it('shows a wrong value of the text without entries of its own making', async () => {
    await show(RecordField, given(undefined))
    expect(screen.queryAllByRole('button', { name: /^Remove/ })).toEqual([])
  })
})
