import { expect, it } from 'vitest'
import { pinsOf } from '../../../../../src-renderer/ui/table/pins.ts'

const name = { id: 'name', width: 18 }
const state = { id: 'state', width: 8, pin: 'start' } as const
const score = { id: 'score', width: 7 }
const late = { id: 'late', width: 5, pin: 'start' } as const
const date = { id: 'date', width: 6, pin: 'end' } as const
const tags = { id: 'tags', width: 4, pin: 'end' } as const

it('keeps what follows the first column at once, and what stands at the end, in a row', () => {
  const { widths, classOf, styleOf } = pinsOf([name, state, score, late, date, tags])
  expect(widths).toEqual({ '--first': '18rem', '--between': '8rem', '--end': '10rem' })
  // Behind a column that moves, a column cannot stay at the start without covering it.
  expect([name, state, score, late, date, tags].map(classOf)).toEqual([
    '',
    'pin-start',
    '',
    '',
    'pin-end',
    'pin-end',
  ])
  expect([state, date, tags].map(styleOf)).toEqual([
    { '--offset': '0rem' },
    { '--offset': '4rem' },
    { '--offset': '0rem' },
  ])
})

it('keeps the first column alone where no other asks for it, and nothing of an empty table', () => {
  expect(pinsOf([name, score]).widths).toEqual({ '--first': '18rem', '--between': '0rem', '--end': '0rem' })
  expect(pinsOf([]).widths['--first']).toBe('0rem')
})
