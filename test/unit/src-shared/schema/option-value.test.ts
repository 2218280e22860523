import { expect, it } from 'vitest'
import { formatOption, formatOptionText } from '../../../../src-shared/schema/option-value.ts'

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

it('reads values that come as text: numbers, lists and switches as such, all else as it stands', () => {
  expect(formatOptionText('trainer.config.lr', '0.5')).toBe('0.5')
  expect(formatOptionText('dataset.config.levels', '[1,2]')).toBe('1, 2')
  expect(formatOptionText('dataset.config.augment', 'false')).toBe('no')
  expect(formatOptionText('dataset.config.task', 'img_classification')).toBe(
    formatOption('img_classification'),
  )
})
