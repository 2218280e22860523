import { fc } from '../../../../../support/property.ts'
import { expect, it } from 'vitest'
import { difference } from '../../../../../../src-renderer/features/editor/text/text-difference.ts'

const apply = (text: string, d: { from: number; to: number; insert: string }): string =>
  text.slice(0, d.from) + d.insert + text.slice(d.to)

it('replaces only what changed', () => {
  expect(difference('lr: 0.1\nb: 2', 'lr: 0.3\nb: 2')).toEqual({ from: 6, to: 7, insert: '3' })
})

it('always turns the one text into the other', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n') })
  fc.assert(fc.property(text, text, (a, b) => apply(a, difference(a, b)) === b))
})
