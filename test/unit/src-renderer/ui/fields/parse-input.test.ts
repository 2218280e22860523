import { describe, expect, it } from 'vitest'
import type { FormField } from '../../../../../src-shared/schema/form.ts'
import {
  inputText,
  parseList,
  parseNumber,
  parseValue,
  valueText,
} from '../../../../../src-renderer/ui/fields/parse-input.ts'

const entry = (kind: FormField['kind']): FormField => ({
  kind,
  key: '',
  label: '',
  help: '',
  default: null,
  nullable: false,
})

describe('parseNumber', () => {
  it('reads decimals, exponents and a typed minus sign', () => {
    expect([' 0.5 ', '1e-3', '\u22122'].map((t) => parseNumber(t, false))).toEqual([
      { ok: true, value: 0.5 },
      { ok: true, value: 0.001 },
      { ok: true, value: -2 },
    ])
  })

  it('says what is wrong', () => {
    expect(parseNumber('0,5', false)).toEqual({ ok: false, message: '"0,5" is not a number.' })
    expect(parseNumber('2.5', true)).toEqual({ ok: false, message: '2.5 is not a whole number.' })
    expect(parseNumber('', false).ok).toBe(false)
    expect(parseNumber('Infinity', false).ok).toBe(false)
  })
})

describe('parseList', () => {
  it('reads words and numbers between commas', () => {
    expect(parseList('a, b ,', entry('text'))).toEqual({ ok: true, value: ['a', 'b'] })
    expect(parseList('1, 2', entry('int'))).toEqual({ ok: true, value: [1, 2] })
    expect(parseList('', entry('number'))).toEqual({ ok: true, value: [] })
  })

  it('names the entry that is no number', () => {
    expect(parseList('1, x', entry('number'))).toEqual({ ok: false, message: '"x" is not a number.' })
  })

  it('reads nested entries as YAML', () => {
    expect(parseList('[0, 1], [1, 2]', entry('list'))).toEqual({
      ok: true,
      value: [
        [0, 1],
        [1, 2],
      ],
    })
  })
})

describe('parseValue', () => {
  it('reads what it writes', () => {
    for (const value of [0.5, [0, 1], { '1': 0.5 }, true, null, 'text']) {
      expect(parseValue(valueText(value))).toEqual({ ok: true, value })
    }
  })

  it('refuses broken YAML in one line', () => {
    const wrong = parseValue('[1, 2')
    expect(wrong.ok).toBe(false)
    expect(wrong.ok ? '' : wrong.message).not.toContain('\n')
  })
})

it('shows lists as they are typed', () => {
  expect(inputText([1, 2])).toBe('1, 2')
  expect(inputText(null)).toBe('')
})
