import { fireEvent, screen } from '@testing-library/dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FormField } from '../../../../src-shared/schema/form.ts'
import NumberField from '../../../../src-renderer/ui/fields/NumberField.vue'
import { show } from '../../../support/show.ts'

const FIELD: FormField = {
  key: 'dropout',
  kind: 'number',
  label: 'Dropout',
  help: 'Share of units left out.',
  default: 0,
  nullable: false,
}
const given = (value: unknown, more: Partial<FormField> = {}) => ({
  props: { field: { ...FIELD, ...more }, value, id: 'f', invalid: false, describedBy: 'f-help' },
})
const box = () => screen.getByRole<HTMLInputElement>('textbox')

/** Types over what is there and leaves the field. */
async function write({ user }: Awaited<ReturnType<typeof show>>, text: string): Promise<void> {
  await user.clear(box())
  if (text !== '') await user.type(box(), text)
  await user.tab()
}

describe('the field of a number', () => {
  afterEach(() => vi.useRealTimers())

  it.each([
    ['0.25', 0.25],
    [' 1e-3 ', 0.001],
    ['\u22122', -2],
    ['+4', 4],
  ])('takes %j as a number when it is left', async (text, value) => {
    const shown = await show(NumberField, given(0.5))
    expect(box().value).toBe('0.5')
    await write(shown, text)
    expect(shown.emitted).toEqual([{ name: 'change', values: [value] }])
  })

  it.each([
    ['many', {}, '"many" is not a number.'],
    ['', {}, '"" is not a number.'],
    ['2.5', { kind: 'int' }, '2.5 is not a whole number.'],
    ['1/0', { kind: 'int' }, '"1/0" is not a number.'],
  ] as const)('says why %j cannot be read and leaves it there to be mended', async (text, more, message) => {
    const shown = await show(NumberField, given(3, more))
    await write(shown, text)
    expect(shown.emitted).toEqual([{ name: 'refuse', values: [message] }])
    expect(box().value).toBe(text)
  })

  it('takes an empty text as not set only where that is allowed', async () => {
    const shown = await show(NumberField, given(3, { nullable: true }))
    expect(box().placeholder).toBe('not set')
    await write(shown, '')
    expect(shown.emitted).toEqual([{ name: 'change', values: [null] }])
  })

  it('takes a number after a pause in typing, and one change for all letters', async () => {
    const { emitted } = await show(NumberField, given(1))
    vi.useFakeTimers()
    fireEvent.input(box(), { target: { value: '12' } })
    vi.advanceTimersByTime(300)
    fireEvent.input(box(), { target: { value: '120' } })
    vi.advanceTimersByTime(300)
    expect(emitted).toEqual([])
    vi.runAllTimers()
    expect(emitted).toEqual([{ name: 'change', values: [120] }])
  })

  it('does not complain of a half-typed number after a pause', async () => {
    const { emitted } = await show(NumberField, given(1))
    vi.useFakeTimers()
    fireEvent.input(box(), { target: { value: '1e-' } })
    vi.runAllTimers()
    expect(emitted).toEqual([])
    fireEvent.change(box())
    expect(emitted).toEqual([{ name: 'refuse', values: ['"1e-" is not a number.'] }])
  })

  it('says a number once when it is left before the pause is over', async () => {
    const { emitted } = await show(NumberField, given(1))
    vi.useFakeTimers()
    fireEvent.input(box(), { target: { value: '7' } })
    fireEvent.change(box())
    vi.runAllTimers()
    expect(emitted).toEqual([{ name: 'change', values: [7] }])
  })

  it.each([
    [12, 'int', 'linear', 13, 11],
    [0.5, 'number', 'linear', 0.51, 0.49],
    [200, 'number', 'linear', 210, 190],
    [0, 'number', 'linear', 0.1, -0.1],
    [0.003, 'number', 'log', 0.004, 0.002],
    [-0.3, 'number', 'linear', -0.29, -0.31],
  ] as const)('steps %d (%s, %s) by the arrow keys', async (start, kind, scale, up, down) => {
    const more: Partial<FormField> = scale === 'log' ? { kind, scale } : { kind }
    const { user, emitted, change } = await show(NumberField, given(start, more))
    await user.click(box())
    await user.keyboard('{ArrowUp}')
    expect(box().value).toBe(String(up))
    await change({ value: up })
    await change({ value: start })
    await user.keyboard('{ArrowDown}')
    expect(emitted.map(({ values }) => values[0])).toEqual([up, down])
  })

  it('does not step what is no number', async () => {
    const { user, emitted } = await show(NumberField, given(1))
    await user.type(box(), 'x{ArrowUp}')
    expect(box().value).toBe('1x')
    expect(emitted).toEqual([])
  })

  it('stays above zero when a power of ten is stepped down on a logarithmic scale', async () => {
    const { user, emitted } = await show(
      NumberField,
      given(0.001, { scale: 'log', exclusiveMin: true, min: 0 }),
    )
    await user.type(box(), '{ArrowDown}')
    expect(emitted[0]?.values).toEqual([0.0009])
  })

  it('follows the value, but leaves a text that says the same as it is', async () => {
    const { user, change } = await show(NumberField, given(0.5))
    await user.type(box(), '0')
    await change({ value: 0.5 })
    expect(box().value).toBe('0.50')
    await change({ value: 0.7 })
    expect(box().value).toBe('0.7')
    await change({ value: null })
    expect(box().value).toBe('')
  })

  it('shows a zero that comes after it was emptied', async () => {
    const { user, change } = await show(NumberField, given(3, { nullable: true }))
    await user.clear(box())
    await user.tab()
    await change({ value: null })
    await change({ value: 0 })
    expect(box().value).toBe('0')
  })

  it('tells assistive technology what is wrong and where the help is', async () => {
    const { change } = await show(NumberField, given(1))
    expect(box().getAttribute('aria-invalid')).toBe('false')
    expect(box().getAttribute('aria-describedby')).toBe('f-help')
    await change({ invalid: true })
    expect(box().getAttribute('aria-invalid')).toBe('true')
  })
})
