import { describe, expect, it } from 'vitest'
import {
  axisOf,
  isWithin,
  positionOf,
  valueAtPosition,
} from '../../../../../../src-renderer/features/compare/relations/parallel-axes.ts'
import type { Quantity } from '../../../../../../src-renderer/features/compare/relations/quantities.ts'
import {
  SETTING,
  quantitiesOf,
  spansDecades,
  tellingQuantity,
} from '../../../../../../src-renderer/features/compare/relations/quantities.ts'
import { compareRuns } from '../../../../../support/fake-renderer/made-up-comparison.ts'
import { manyRuns } from '../../../../../support/fake-renderer/made-up-runs.ts'

const q = (id: string, ...values: (number | null)[]): Quantity => ({
  id,
  label: id,
  kind: 'score',
  values,
  names: null,
})

describe('quantitiesOf', () => {
  const list = quantitiesOf(compareRuns(manyRuns(6), null))

  it('offers numbers of options and scores', () => {
    expect(list.find((x) => x.id === 'seed')?.values).toEqual([1000, 1000, 1000, 2000, 2000, 2000])
    expect(list.some((x) => x.id === 'FinalTest/img_classification/eval')).toBe(true)
  })

  it('gives options that are words whole numbers and keeps their names', () => {
    const fn = list.find((x) => x.id === 'dataset.fn')
    expect(fn?.names).toEqual(['Images', 'Images and responses'])
    expect(fn?.values).toEqual([0, 1, 1, 0, 1, 1])
  })
})

it('puts the setting across over seeds, and an option with several values for single runs', () => {
  const lr = { ...q('lr', 0.1, 0.2, 0.3), kind: 'option' as const }
  expect(tellingQuantity([q('acc', 1, 2, 3), lr], false)).toBe('lr')
  expect(tellingQuantity([lr], true)).toBe(SETTING)
  expect(tellingQuantity([{ ...lr, values: [0.1, 0.2, 0.1] }], false)).toBe(SETTING)
})

it('wants a log axis for more than two decades of positive values', () => {
  expect(spansDecades([0.001, 1])).toBe(true)
  expect(spansDecades([1, 100])).toBe(false)
  expect(spansDecades([0, 1000])).toBe(false)
})

describe('parallel axes', () => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('find the value back from its place (log %s, flipped %s)', (isLog, isFlipped) => {
    const axis = axisOf(q('a', 1, 1000, 30), isLog, isFlipped)
    expect(valueAtPosition(axis, positionOf(axis, 30))).toBeCloseTo(30, 8)
  })

  it('keep runs within every brush; a missing value fails', () => {
    const axes = [axisOf(q('a', 1, 2, 3), false, false), axisOf(q('b', 5, null, 7), false, false)]
    const kept = (brushes: Record<string, readonly [number, number]>) =>
      [0, 1, 2].filter((i) => isWithin(i, axes, brushes))
    expect(kept({})).toEqual([0, 1, 2])
    expect(kept({ a: [1.5, 3] })).toEqual([1, 2])
    expect(kept({ a: [1.5, 3], b: [0, 10] })).toEqual([2])
  })

  it('put a single value in the middle', () => {
    expect(positionOf(axisOf(q('a', 4, 4), false, false), 4)).toBe(0.5)
  })
})
