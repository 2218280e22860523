import { describe, expect, it } from 'vitest'
import {
  MISSING,
  formatBytes,
  formatCount,
  formatDelta,
  formatMetric,
  formatNumber,
  formatSpread,
  formatTick,
} from '../../../../src-renderer/format/number.ts'

describe('formatNumber', () => {
  it('shows four significant digits', () => {
    expect(formatNumber(0.123456)).toBe('0.1235')
    expect(formatNumber(12.3456)).toBe('12.35')
  })

  it('leaves whole numbers whole and groups their thousands', () => {
    expect(formatNumber(1000)).toBe('1000')
    expect(formatNumber(1234567)).toBe('1\u2009234\u2009567')
  })

  it('writes very large and very small numbers with an exponent', () => {
    expect(formatNumber(3.2e-7)).toBe('3.2e-7')
    expect(formatNumber(4.5e12)).toBe('4.5e12')
  })

  it('uses a minus sign, not a hyphen', () => {
    expect(formatNumber(-0.5)).toBe('\u22120.5000')
  })

  it('names what is not a finite number', () => {
    expect(formatNumber(null)).toBe(MISSING)
    expect(formatNumber(Number.NaN)).toBe('not a number')
    expect(formatNumber(Number.NEGATIVE_INFINITY)).toBe('\u2212infinite')
  })
})

describe('formatMetric', () => {
  it('gives percent one decimal and correlations three', () => {
    expect(formatMetric(96.94, '%')).toBe('96.9')
    expect(formatMetric(0.46249, '')).toBe('0.462')
  })

  it('gives small correlations three decimals, and what these would lose two digits', () => {
    expect(formatMetric(-0.0009122, '')).toBe('\u22120.001')
    expect(formatMetric(0.000343, '')).toBe('0.00034')
    expect(formatMetric(0, '')).toBe('0')
  })
})

describe('formatDelta', () => {
  it('always shows the sign', () => {
    expect(formatDelta(2.04, '%')).toBe('+2.0')
    expect(formatDelta(-0.012, '')).toBe('\u22120.012')
  })

  it('has one decimal more where the values as they are shown say another difference', () => {
    const [from, to] = [92.24, 92.58]
    expect([from, to].map((v) => formatMetric(v, '%'))).toEqual(['92.2', '92.6'])
    expect(formatDelta(to - from, '%', to)).toBe('+0.34')
    expect(formatDelta(from - to, '%', from)).toBe('\u22120.34')
    expect(formatDelta(0.4, '%', 92.6)).toBe('+0.4')
    expect(formatDelta(0.0014, '', 0.5007)).toBe('+0.0014')
  })
})

describe('formatTick', () => {
  it('drops digits that say nothing', () => {
    expect([0, 0.5, 2, 0.30000000000000004, 1e-5].map(formatTick)).toEqual(['0', '0.5', '2', '0.3', '1e-5'])
  })
})

describe('sizes and counts', () => {
  it('gives bytes in powers of 1024', () => {
    expect([0, 812, 1536, 812 * 1024 ** 2, 3.5 * 1024 ** 3].map(formatBytes)).toEqual([
      '0 B',
      '812 B',
      '1.5 KiB',
      '812 MiB',
      '3.5 GiB',
    ])
  })

  it('gives counts in powers of 1000', () => {
    expect([999, 1200, 34_100_000_000].map(formatCount)).toEqual(['999', '1.2 k', '34.1 G'])
  })
})

it('gives a standard error the decimals of its value', () => {
  expect([0.00086, 0.0042].map((v) => formatSpread(v, ''))).toEqual(['0.001', '0.004'])
  expect(formatSpread(0.0002, '')).toBe('<0.001')
  expect(formatSpread(0.21, '%')).toBe('0.2')
  expect(formatSpread(0.01, '%')).toBe('<0.1')
})
