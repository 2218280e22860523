import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { FormField } from '../../../../src-shared/schema/form.ts'
import ChoiceField from '../../../../src-renderer/ui/fields/ChoiceField.vue'
import { show } from '../../../support/show.ts'

const FIELD: FormField = {
  key: 'optimizer',
  kind: 'choice',
  label: 'Optimizer',
  help: '',
  default: 'SGD',
  nullable: false,
  choices: ['SGD', 'Adam', ''],
}
const given = (value: unknown, more: Partial<FormField> = {}) => ({
  props: { field: { ...FIELD, ...more }, value, id: 'f', invalid: false, describedBy: 'f-help' },
})
const box = () => screen.getByRole<HTMLSelectElement>('combobox')
const lines = () => screen.getAllByRole('option').map((o) => o.textContent.trim())
const chosen = () => box().selectedOptions[0]?.textContent.trim()

describe('the field of a choice', () => {
  it('offers the choices, the empty one in words, and says which was chosen', async () => {
    const { user, emitted } = await show(ChoiceField, given('Adam'))
    expect(lines()).toEqual(['SGD', 'Adam', '(none)'])
    expect(chosen()).toBe('Adam')
    await user.selectOptions(box(), '(none)')
    await user.selectOptions(box(), 'SGD')
    expect(emitted.map(({ values }) => values[0])).toEqual(['', 'SGD'])
  })

  it('offers not to be set where that is allowed', async () => {
    const { user, emitted, change } = await show(ChoiceField, given(null, { nullable: true }))
    expect(lines()).toEqual(['not set', 'SGD', 'Adam', '(none)'])
    expect(chosen()).toBe('not set')
    await change({ value: 'SGD' })
    expect(chosen()).toBe('SGD')
    await user.selectOptions(box(), 'not set')
    expect(emitted).toEqual([{ name: 'change', values: [null] }])
  })

  it('keeps an unknown value in sight until another is chosen', async () => {
    const { user, emitted, change } = await show(ChoiceField, given('Adan'))
    expect(lines()).toEqual(['Adan (unknown)', 'SGD', 'Adam', '(none)'])
    expect(chosen()).toBe('Adan (unknown)')
    await user.selectOptions(box(), 'Adam')
    expect(emitted).toEqual([{ name: 'change', values: ['Adam'] }])
    await change({ value: 'Adam' })
    expect(lines()).toEqual(['SGD', 'Adam', '(none)'])
  })
})
