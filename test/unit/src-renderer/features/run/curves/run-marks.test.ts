import { expect, it } from 'vitest'
import { marksOf } from '../../../../../../src-renderer/features/run/curves/run-marks.ts'

const mark = (name: string, step: number) => ({ mark: name, step, epoch: step / 100, text: '' })
const reference = {
  id: 'a',
  key: 'x',
  step: [0, 100, 200],
  epoch: [0, 1, 2],
  images: [0, 6400, 12_800],
  seconds: [0, 9, 18],
  elapsed: [0, 90, 99],
  start: 50,
  value: [1, 1, 1],
  total: 3,
  min: 1,
  max: 1,
  last: 1,
}

it('draws the last improvement only, and every decay of the rate', () => {
  const marks = marksOf(
    [
      mark('best', 50),
      mark('lr-decay', 80),
      mark('best', 100),
      mark('lr-decay', 180),
      mark('checkpoint', 190),
    ],
    'step',
    null,
  )
  expect(marks.map((m) => `${m.label} ${m.x}`)).toEqual(['rate down 80', 'best 100', 'rate down 180'])
})

it('places marks on axes that they do not know by a curve that does', () => {
  expect(marksOf([mark('best', 100)], 'time', reference)[0]?.x).toBe(9)
  expect(marksOf([mark('best', 900)], 'images', reference)[0]?.x).toBe(12_800)
  expect(marksOf([mark('best', 100)], 'elapsed', reference)[0]?.x).toBe(90)
  expect(marksOf([mark('best', 100)], 'relative', reference)[0]?.x).toBe(50)
  expect(marksOf([mark('best', 100)], 'time', null)).toEqual([])
})

it('joins what happened at one place', () => {
  const marks = marksOf(
    [mark('best', 100), mark('lr-decay', 100), mark('restore', 100), mark('restore', 100)],
    'step',
    null,
  )
  expect(marks.map((m) => m.label)).toEqual(['best, rate down, restored'])
})

it('marks the moment that is looked at, also where something else happened', () => {
  const marks = marksOf([mark('moment', 100), mark('best', 100), mark('stop', 200)], 'step', null)
  expect(marks).toEqual([
    { x: 100, label: 'moment, best', tone: 'chosen' },
    { x: 200, label: 'stopped', tone: 'warn' },
  ])
})
