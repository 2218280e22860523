import { describe, expect, it } from 'vitest'
import type { FormField } from '../../../../../src-shared/schema/form.ts'
import {
  inputText,
  listText,
  parseList,
  parseNumber,
  parseValue,
  stepNumber,
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

  it('reads what listText writes, whatever stands in the texts', () => {
    const texts = ['a, b', 'c', '', ' d', 'e "f"', '"g', 'h\\i', 'j\nk', '"l, m"', 'n,', '"']
    for (const list of [texts, ...texts.map((t) => [t]), ...texts.map((t) => ['x', t, 'y'])])
      expect(parseList(listText(list), entry('text'))).toEqual({ ok: true, value: list })
    expect(listText(['a, b', 'c'])).toBe('"a, b", c')
    expect(listText([1, 2])).toBe('1, 2')
    expect(listText(null)).toBe('')
  })

  it('takes quotes that do not hold a whole entry as they stand', () => {
    expect(parseList('"a, b', entry('text'))).toEqual({ ok: true, value: ['"a', 'b'] })
    expect(parseList('"a" b, "c" ', entry('text'))).toEqual({ ok: true, value: ['"a" b', 'c'] })
    expect(parseList('"a\\q"', entry('text')).ok).toBe(false)
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

describe('stepNumber', () => {
  const steps = (start: number, by: 1 | -1, times: number, scale: 'log' | 'linear'): number[] => {
    const kind = { kind: 'number', scale } as const
    return Array.from({ length: times }).reduce<number[]>(
      (all) => [...all, stepNumber(all.at(-1) ?? start, by, kind)],
      [],
    )
  }

  it('goes through the decades of a logarithmic scale without reaching zero', () => {
    expect(steps(0.003, -1, 4, 'log')).toEqual([0.002, 0.001, 0.0009, 0.0008])
    expect(steps(0.0009, 1, 3, 'log')).toEqual([0.001, 0.002, 0.003])
    for (let power = -12; power < 7; power++)
      expect(stepNumber(10 ** power, -1, { kind: 'number', scale: 'log' })).toBeCloseTo(0.9 * 10 ** power, 14)
  })

  it('crosses zero elsewhere', () => {
    expect(steps(0, -1, 1, 'linear')).toEqual([-0.1])
    expect(steps(0, 1, 1, 'log')).toEqual([0.1])
    expect(stepNumber(1, -1, { kind: 'int' })).toBe(0)
  })
})

it('shows lists as they are typed', () => {
  expect(inputText([1, 2])).toBe('1, 2')
  expect(inputText(null)).toBe('')
})
