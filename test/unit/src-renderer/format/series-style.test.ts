import { describe, expect, it } from 'vitest'
import { markerPath, shapeOf } from '../../../../src-renderer/format/marker-path.ts'
import { assignSlots, chosenSlots, slotOfHue, styleOf } from '../../../../src-renderer/format/series-style.ts'

const look = (slot: number): string => JSON.stringify(styleOf(slot))
const slots = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

describe('the style of a slot', () => {
  it('is that of no other: 64 by hue and dash alone, 512 with markers', () => {
    const lines = slots(64).map((i) => `${styleOf(i).token} ${styleOf(i).dash.join(' ')}`)
    expect(new Set(lines).size).toBe(64)
    expect(new Set(slots(512).map(look)).size).toBe(512)
  })

  it('is a hue of its own with a solid line for the first eight', () => {
    expect(new Set(slots(8).map((i) => styleOf(i).token)).size).toBe(8)
    expect(slots(64).filter((i) => styleOf(i).dash.length === 0)).toEqual(slots(8))
    expect(new Set(slots(8).map((i) => styleOf(i).marker)).size).toBe(8)
  })

  it('has a marker that is drawn unlike the others', () => {
    const drawn = slots(8).map((i) => {
      const { marker } = styleOf(i)
      return `${markerPath(marker, 0, 0, 4)} ${shapeOf(marker).isOpen}`
    })
    expect(new Set(drawn).size).toBe(8)
  })
})

describe('slots', () => {
  it('give neighbours different colours and stay when others come or go', () => {
    const first = assignSlots({}, ['a', 'b', 'c'])
    expect(first).toEqual({ a: 0, b: 1, c: 2 })
    expect(assignSlots(first, ['b', 'x', 'c', 'y'])).toEqual({ ...first, x: 3, y: 4 })
    expect(assignSlots({ a: 5 }, ['a', 'b', 'b'])).toEqual({ a: 5, b: 0 })
  })

  it('of one hue differ', () => {
    expect(slotOfHue(3, [])).toBe(3)
    expect(slotOfHue(3, [0, 3, 11])).toBe(19)
  })

  it('that a person chose are found among those that were given in turn', () => {
    const given = assignSlots({}, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'])
    expect(chosenSlots(given)).toEqual({})
    const chosen = { ...given, a: 5, j: 2 }
    expect(chosenSlots(chosen)).toEqual({ a: 5, j: 2 })
    // The next run took the slot that the choice had left free: nobody chose that.
    expect(chosenSlots(assignSlots(chosen, ['k']))).toEqual({ a: 5, j: 2 })
  })
})
