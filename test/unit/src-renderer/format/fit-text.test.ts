import { expect, it } from 'vitest'
import { elide, wrapText } from '../../../../src-renderer/format/fit-text.ts'

it('takes out the middle of a text that is too long', () => {
  expect(elide('patience', 8)).toBe('patience')
  expect(elide('co-trained with V4, seed 3', 11)).toBe('co-tr…eed 3')
  expect(elide('abc', 1)).toBe('…')
})

it('breaks a text into lines between words and parts of names', () => {
  expect(wrapText('Classification accuracy (test), %', 16, 4)).toEqual([
    'Classification',
    'accuracy (test),',
    '%',
  ])
  expect(wrapText('loss_weighing.epoch_offset', 10, 4)).toEqual(['loss_', 'weighing.', 'epoch_', 'offset'])
  expect(wrapText('plain', 10, 2)).toEqual(['plain'])
  expect(wrapText('V1 single-trial', 9, 4)).toEqual(['V1', 'single-', 'trial'])
  expect(wrapText('Classification', 10, 2)).toEqual(['Classific-', 'ation'])
})

it('never has more lines, nor longer ones, than there is room for', () => {
  for (const room of [5, 8, 13]) {
    for (const text of [
      'a b c d e f g h i j k l m n o p',
      'Donaudampfschifffahrtsgesellschaft',
      'one, two_three.four/five six',
    ]) {
      const lines = wrapText(text, room, 3)
      expect(lines.length).toBeLessThanOrEqual(3)
      expect(lines.every((line) => line.length <= room)).toBe(true)
      expect(lines[0]?.[0]).toBe(text[0])
      expect(lines.at(-1)?.at(-1)).toBe(text.at(-1))
    }
  }
})
