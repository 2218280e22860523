import { describe, expect, it } from 'vitest'
import { parseValues } from '../../../../../../src-renderer/features/editor/recipes/vary-values.ts'
import type { FormField } from '../../../../../../src-shared/schema/form.ts'

const field = (kind: FormField['kind'], more: Partial<FormField> = {}): FormField => ({
  key: 'x',
  kind,
  label: 'X',
  help: '',
  default: null,
  nullable: false,
  ...more,
})
const values = (text: string, of: FormField) => {
  const parsed = parseValues(text, of)
  return parsed.ok ? parsed.values : parsed.message
}

describe('values of an option that varies', () => {
  it('reads lists of numbers, each value once', () => {
    expect(values('0.1, 0.01; 1e-3, 0.1', field('number'))).toEqual([0.1, 0.01, 0.001])
    expect(values('1, 2.5', field('int'))).toBe('2.5 is not a whole number.')
  })

  it('reads ranges: whole numbers one by one, others by count, rates by factors', () => {
    expect(values('1 to 4', field('int'))).toEqual([1, 2, 3, 4])
    expect(values('10..20 in 3', field('int'))).toEqual([10, 15, 20])
    expect(values('0 to 1 in 5', field('number'))).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(values('0.001 to 0.1 in 3', field('number', { scale: 'log' }))).toEqual([0.001, 0.01, 0.1])
    expect(values('0.001 to 0.1 in 3 log', field('number'))).toEqual([0.001, 0.01, 0.1])
    expect(values('1 to 2', field('number'))).toContain('Say how many values')
    expect(values('5 to 2', field('int'))).toContain('smaller to a larger')
  })

  it('reads switches and choices, and says which are allowed', () => {
    expect(values('on, off', field('boolean'))).toEqual([true, false])
    expect(values('maybe', field('boolean'))).toContain('neither on nor off')
    expect(values('Adam, SGD', field('choice', { choices: ['Adam', 'SGD'] }))).toEqual(['Adam', 'SGD'])
    expect(values('Adom', field('choice', { choices: ['Adam', 'SGD'] }))).toContain('Adam, SGD')
  })

  it('reads lists and maps between semicolons', () => {
    expect(values('[1, 2]; [3]', field('list'))).toEqual([[1, 2], [3]])
    expect(values('{1: 0.5}; 2', field('value'))).toEqual([{ 1: 0.5 }, 2])
  })

  it('takes "none" for an option that may be absent', () => {
    expect(values('none, 3', field('int', { nullable: true }))).toEqual([null, 3])
  })
})
