import { expect, it } from 'vitest'
import { formatOption } from '../../../../src-renderer/format/option-value.ts'

it('tells missing, off, empty and no apart', () => {
  expect([undefined, null, '', [], false].map(formatOption)).toEqual([
    'not set',
    'off',
    '(empty)',
    '(none)',
    'no',
  ])
})

it('writes lists and maps on one line', () => {
  expect(formatOption([1, 'a', null])).toBe('1, a, off')
  expect(formatOption({ v1: 'PoissonLoss', x: [1, 2] })).toBe('V1: Poisson, x: 1, 2')
})
