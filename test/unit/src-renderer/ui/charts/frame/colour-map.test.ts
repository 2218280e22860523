import { describe, expect, it } from 'vitest'
import {
  contrast,
  diverging,
  luminance,
  sequential,
} from '../../../../../../src-renderer/ui/charts/frame/colour-map.ts'

describe('colour maps', () => {
  it('grow brighter with the value', () => {
    const steps = Array.from({ length: 11 }, (_, i) => luminance(sequential(i, 0, 10).rgb))
    expect([...steps].sort((a, b) => a - b)).toEqual(steps)
  })

  it('show the same strength for the same size of a difference', () => {
    expect(diverging(0, 5).background).toBe('rgb(245 245 245)')
    expect(diverging(5, 5).background).not.toBe(diverging(-5, 5).background)
    expect(diverging(9, 5)).toEqual(diverging(5, 5))
  })

  it('keep the numbers on the cells readable', () => {
    for (let i = 0; i <= 20; i++) {
      for (const { rgb, text } of [sequential(i, 0, 20), diverging(i - 10, 10)]) {
        expect(contrast(rgb, text === '#ffffff' ? [255, 255, 255] : [0, 0, 0])).toBeGreaterThanOrEqual(4.5)
      }
    }
  })
})
