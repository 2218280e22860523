import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { FormField } from '../../../../src-shared/schema/form.ts'
import BooleanField from '../../../../src-renderer/ui/fields/BooleanField.vue'
import TextField from '../../../../src-renderer/ui/fields/TextField.vue'
import ValueField from '../../../../src-renderer/ui/fields/ValueField.vue'
import { show } from '../../../support/show.ts'

const FIELD: FormField = { key: 'k', kind: 'text', label: 'K', help: '', default: '', nullable: false }
const given = (value: unknown, more: Partial<FormField> = {}) => ({
  props: { field: { ...FIELD, ...more }, value, id: 'f', invalid: false, describedBy: 'f-help' },
})
const box = () => screen.getByRole<HTMLInputElement>('textbox')

describe('the field of a text', () => {
  it('takes what was typed when it is left, blanks and all', async () => {
    const { user, emitted } = await show(TextField, given('a run'))
    expect(box().value).toBe('a run')
    await user.type(box(), ' of 5 ')
    expect(emitted).toEqual([])
    await user.tab()
    expect(emitted).toEqual([{ name: 'change', values: ['a run of 5 '] }])
  })

  it('stays a text where it looks like a number', async () => {
    const { user, emitted } = await show(TextField, given(''))
    await user.type(box(), '1000')
    await user.tab()
    expect(emitted).toEqual([{ name: 'change', values: ['1000'] }])
  })

  it.each([
    [true, null, 'not set'],
    [false, '', ''],
  ])('emptied, where nothing is allowed to be set: %s, says %j', async (nullable, value, placeholder) => {
    const { user, emitted } = await show(TextField, given('old', { nullable }))
    expect(box().placeholder).toBe(placeholder)
    await user.clear(box())
    await user.tab()
    expect(emitted).toEqual([{ name: 'change', values: [value] }])
  })

  it('follows the value and shows a wrong value of the text as it is', async () => {
    const { change } = await show(TextField, given(null))
    expect(box().value).toBe('')
    await change({ value: 'new' })
    expect(box().value).toBe('new')
    await change({ value: { a: [1] } })
    expect(box().value).toBe('{"a":[1]}')
  })
})

describe('the field of a value of several forms', () => {
  it.each([
    [0.5, '0.5'],
    [[0, 1], '[ 0, 1 ]'],
    [{ v1: 2 }, '{ v1: 2 }'],
    ['img', 'img'],
    [null, 'null'],
    ['12', '"12"'],
  ])('shows %j as it is written in YAML', async (value, text) => {
    await show(ValueField, given(value))
    expect(box().value).toBe(text)
  })

  it.each([
    ['0.25', 0.25],
    ['[[[[0, 1], 2]', [[0, 1], 2]],
    ['{{v1: 2, v4: [[1]}', { v1: 2, v4: [1] }],
    ['true', true],
    ['"12"', '12'],
    ['null', null],
  ])('reads %j', async (text, value) => {
    const { user, emitted } = await show(ValueField, given(7))
    await user.clear(box())
    await user.type(box(), text)
    await user.tab()
    expect(emitted).toEqual([{ name: 'change', values: [value] }])
  })

  it('says why a text is no YAML and keeps it', async () => {
    const { user, emitted } = await show(ValueField, given(7))
    await user.clear(box())
    await user.type(box(), '[[1, 2')
    await user.tab()
    expect(emitted.map(({ name }) => name)).toEqual(['refuse'])
    expect(String(emitted[0]?.values[0])).toMatch(/^Flow sequence .*\]/)
    expect(box().value).toBe('[1, 2')
  })
})

describe('the switch of a field', () => {
  it('is on for true alone and says what it was turned to', async () => {
    const { user, emitted, change } = await show(BooleanField, given(true, { kind: 'boolean' }))
    const toggle = screen.getByRole<HTMLInputElement>('switch')
    expect(toggle.checked).toBe(true)
    await user.click(toggle)
    expect(emitted).toEqual([{ name: 'change', values: [false] }])
    await change({ value: 'true' })
    expect(toggle.checked).toBe(false)
    await user.tab({ shift: true })
    await user.tab()
    await user.keyboard(' ')
    expect(emitted.at(-1)).toEqual({ name: 'change', values: [true] })
  })
})
