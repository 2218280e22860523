import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { FormField } from '../../../../src-shared/schema/form.ts'
import ListField from '../../../../src-renderer/ui/fields/ListField.vue'
import { byRole, show } from '../../../support/show.ts'

const ENTRY: FormField = { key: '', kind: 'text', label: '', help: '', default: null, nullable: false }
const FIELD: FormField = { key: 'l', kind: 'list', label: 'Watched', help: '', default: [], nullable: false }
const given = (value: unknown, entry: Partial<FormField> = {}) => ({
  props: {
    field: { ...FIELD, entry: { ...ENTRY, ...entry } },
    value,
    id: 'f',
    invalid: false,
    describedBy: 'f-help',
  },
})
const CHOICES: Partial<FormField> = { kind: 'choice', choices: ['v1', 'v4', 'image'] }
/** The words beside each ticked box: the entry, and its place where it has one. */
const ticked = () =>
  screen
    .getAllByRole<HTMLInputElement>('checkbox')
    .filter((b) => b.checked)
    .map((b) => words(b.parentElement))

const words = (label: HTMLElement | null): readonly string[] =>
  [...(label?.childNodes ?? [])]
    .filter((n) => n.nodeType !== Node.COMMENT_NODE)
    .map((n) => n.textContent?.trim() ?? '')
    .filter((t) => t !== '')

describe('the field of a list of choices', () => {
  it('has one box for each choice and says the list as it is after a tick', async () => {
    const { user, emitted, change } = await show(ListField, given(['image'], CHOICES))
    expect(byRole('group', 'Watched').getAttribute('aria-describedby')).toBe('f-help')
    expect(screen.getAllByRole('checkbox')).toHaveLength(3)
    expect(ticked()).toEqual([['image']])
    await user.click(byRole('checkbox', 'V1'))
    await change({ value: ['image', 'v1'] })
    await user.click(byRole('checkbox', /image/))
    expect(emitted.map(({ values }) => values[0])).toEqual([['image', 'v1'], ['v1']])
  })

  it('shows the order of the entries where there is more than one', async () => {
    const { change } = await show(ListField, given(['image', 'v1'], CHOICES))
    expect(ticked()).toEqual([
      ['V1', '2'],
      ['image', '1'],
    ])
    await change({ value: ['v1'] })
    expect(ticked()).toEqual([['V1']])
  })

  it('has a blank between an entry and its place for those who hear both', async () => {
    await show(ListField, given(['image', 'v1'], CHOICES))
    expect(byRole('checkbox', 'V1 2')).toHaveProperty('checked', true)
    expect(byRole('checkbox', 'image 1')).toHaveProperty('checked', true)
  })

  it('shows an unknown entry, which can be taken out but not put in again', async () => {
    const { user, emitted, change } = await show(ListField, given(['v2', 'v1'], CHOICES))
    expect(byRole('checkbox', /v2.*unknown/)).toHaveProperty('checked', true)
    await user.click(byRole('checkbox', /v2/))
    expect(emitted).toEqual([{ name: 'change', values: [['v1']] }])
    await change({ value: ['v1'] })
    expect(screen.queryByRole('checkbox', { name: /v2/ })).toBeNull()
  })

  it('takes what is no list as an empty one', async () => {
    const { user, emitted } = await show(ListField, given(null, CHOICES))
    expect(ticked()).toEqual([])
    await user.click(byRole('checkbox', 'V4'))
    expect(emitted).toEqual([{ name: 'change', values: [['v4']] }])
  })
})

describe('the field of a list that is typed', () => {
  const box = () => screen.getByRole<HTMLInputElement>('textbox')

  it.each([
    [{ kind: 'text' }, 'a, b c,, d ,', ['a', 'b c', 'd']],
    [{ kind: 'int' }, '1000, 2000,3000', [1000, 2000, 3000]],
    [{ kind: 'number' }, '1e-3, 0.5', [0.001, 0.5]],
    [{ kind: 'value' }, '{{a: 1}, [[2, 3], x', [{ a: 1 }, [2, 3], 'x']],
    [{ kind: 'int' }, '', []],
  ] as const)('reads entries %j between commas from %j', async (entry, text, value) => {
    const { user, emitted } = await show(ListField, given([7], entry))
    await user.clear(box())
    if (text !== '') await user.type(box(), text)
    await user.tab()
    expect(emitted).toEqual([{ name: 'change', values: [value] }])
  })

  it('says which entry is no number and keeps the text', async () => {
    const { user, emitted } = await show(ListField, given([1000], { kind: 'int' }))
    await user.type(box(), ', x, 2000')
    await user.tab()
    expect(emitted).toEqual([{ name: 'refuse', values: ['"x" is not a number.'] }])
    expect(box().value).toBe('1000, x, 2000')
  })

  it('shows the entries on one line and follows the value', async () => {
    const { change } = await show(ListField, given([1, 2], { kind: 'int' }))
    expect(box().value).toBe('1, 2')
    await change({ value: [3, 4, 5] })
    expect(box().value).toBe('3, 4, 5')
    await change({ value: null })
    expect(box().value).toBe('')
    expect(box().placeholder).toBe('none; separate entries with commas')
  })

  it('gives back the list of texts with commas as it shows it', async () => {
    const { user, emitted } = await show(ListField, given(['a, b', 'c'], { kind: 'text' }))
    await user.type(box(), ', d')
    await user.tab()
    expect(emitted).toEqual([{ name: 'change', values: [['a, b', 'c', 'd']] }])
  })

  it('says how a text between quotes is written that it cannot read', async () => {
    const { user, emitted } = await show(ListField, given(['a'], { kind: 'text' }))
    await user.type(box(), ', "b\\q"')
    await user.tab()
    expect(emitted).toEqual([
      {
        name: 'refuse',
        values: ['"b\\q" cannot be read: between quotes, a backslash is written as two.'],
      },
    ])
  })
})
