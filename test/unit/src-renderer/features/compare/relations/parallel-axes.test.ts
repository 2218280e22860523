import { describe, expect, it } from 'vitest'
import {
  axisOf,
  parallelTable,
  pathOf,
  ticksOf,
} from '../../../../../../src-renderer/features/compare/relations/parallel-axes.ts'
import {
  paperFrame,
  parallelDrawing,
  shapesSvg,
} from '../../../../../../src-renderer/features/compare/relations/parallel-drawing.ts'
import type { Quantity } from '../../../../../../src-renderer/features/compare/relations/quantities.ts'

const q = (id: string, values: (number | null)[], names: readonly string[] | null = null): Quantity => ({
  id,
  label: id,
  kind: 'score',
  values,
  names,
})
const FRAME = { width: 300, height: 120, top: 10, bottom: 10, side: 50 }
const axes = [
  axisOf(q('a', [0, 10]), false, false),
  axisOf(q('b', [null, 1]), false, false),
  axisOf(q('c', [5, 0]), false, false),
]

describe('pathOf', () => {
  it('goes through the places of all values', () => {
    expect(pathOf(FRAME, axes, 1)).toBe('M50.0 10.0L150.0 60.0L250.0 110.0')
  })

  it('is interrupted by a missing value and shows what stands alone as a dash', () => {
    expect(pathOf(FRAME, axes, 0)).toBe('M50.0 110.0m-3 0h6M250.0 10.0m-3 0h6')
  })
})

describe('ticksOf', () => {
  it('gives round numbers', () => {
    const axis = axisOf(q('a', [0.13, 0.93]), false, false)
    expect(ticksOf(axis).map((t) => t.text)).toEqual(['0.2', '0.4', '0.6', '0.8'])
  })

  it('gives a value that stands alone no more digits than can be read', () => {
    const text = (value: number): string[] =>
      ticksOf(axisOf(q('a', [value, null]), false, false)).map((t) => t.text)
    expect([92.345678, 0.5, 123456].map(text)).toEqual([['92.35'], ['0.5'], ['123\u2009456']])
  })

  it('gives words that are used, where they stand', () => {
    const axis = axisOf(q('a', [0, 2], ['x', 'y', 'z']), false, true)
    expect(ticksOf(axis)).toEqual([
      { position: 1, text: 'x' },
      { position: 0, text: 'z' },
    ])
  })
})

it('writes words as words into the table', () => {
  const words = axisOf(q('fn', [1, null], ['x', 'y']), false, false)
  expect(parallelTable([words], [{ label: 'run 1' }, { label: 'run 2' }])).toEqual({
    head: ['Run', 'fn'],
    rows: [
      ['run 1', 'y'],
      ['run 2', null],
    ],
  })
})

it('keeps runs outside the ranges in the picture, pale and beneath', () => {
  const lines = ['in', 'out'].map((id) => ({ id, label: `<${id}>`, colour: `colour-${id}` }))
  const look = { frame: paperFrame(axes.length), axes, lines, brushes: { a: [0, 5] as const } }
  const shapes = parallelDrawing(look, (token) => `ink${token}`)
  const svg = shapesSvg(shapes)
  expect(svg).toContain('colour-in')
  expect(svg).not.toContain('colour-out')
  expect(svg.indexOf('&lt;out&gt;')).toBeLessThan(svg.indexOf('&lt;in&gt;'))
  expect(shapes.filter((s) => s.attributes['stroke'] === 'ink--line').map((s) => s.name)).toEqual(['<out>'])
  // Titles of all axes, and the chosen range of the first.
  for (const name of ['a', 'b', 'c']) expect(svg).toContain(`>${name}<title>${name}</title></text>`)
  expect(shapes.filter((s) => s.tag === 'rect')).toHaveLength(1)
})
