import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrast } from '../../../../src-renderer/ui/charts/frame/colour-map.ts'

const css = readFileSync(new URL('../../../../src-renderer/styles/tokens.css', import.meta.url), 'utf8')
const [light = '', dark = ''] = css.split(":root[data-theme='dark']")

/** The colour tokens of a theme. */
function coloursOf(block: string): Map<string, readonly [number, number, number]> {
  const found = block.matchAll(/--([\w-]+): #([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2});/g)
  return new Map(
    [...found].map(([, name = '', r = '', g = '', b = '']) => [
      name,
      [r, g, b].map((h) => Number.parseInt(h, 16)) as unknown as readonly [number, number, number],
    ]),
  )
}

describe.each([
  ['light', light],
  ['dark', dark],
])('%s theme', (_, block) => {
  const colours = coloursOf(block)
  const ratio = (a: string, b: string): number => contrast(colours.get(a)!, colours.get(b)!)
  const GROUNDS = ['bg', 'surface', 'raised']

  it.each(['text', 'muted', 'accent', 'good', 'bad', 'warn'])(
    '%s is readable as text on every ground',
    (ink) => {
      for (const ground of GROUNDS) expect(ratio(ink, ground), ground).toBeGreaterThanOrEqual(4.5)
    },
  )

  it.each(['good', 'bad', 'warn', 'accent'])('%s is readable on its soft ground', (ink) => {
    expect(ratio(ink, `${ink}-soft`)).toBeGreaterThanOrEqual(4.5)
  })

  it('has control edges and focus rings that are seen', () => {
    for (const ground of GROUNDS) {
      expect(ratio('edge', ground), ground).toBeGreaterThanOrEqual(3)
      expect(ratio('focus', ground), ground).toBeGreaterThanOrEqual(3)
    }
  })

  it('has eight series colours that stand out from the ground', () => {
    for (let i = 0; i < 8; i++) expect(ratio(`c${i}`, 'surface'), `c${i}`).toBeGreaterThanOrEqual(3)
  })
})
