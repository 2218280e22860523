import { expect, it } from 'vitest'
import type { Palette } from '../../../../../../src-renderer/ui/charts/frame/palette.ts'
import { heatSvg } from '../../../../../../src-renderer/ui/charts/matrix/heat-svg.ts'
import { lineSvg } from '../../../../../../src-renderer/ui/charts/line/svg-picture.ts'

const palette: Palette = {
  text: '#111',
  muted: '#555',
  line: '#ddd',
  surface: '#fff',
  accent: '#00f',
  good: '#0a0',
  bad: '#a00',
  warn: '#aa0',
  font: 'sans-serif',
  token: () => '#0072b2',
}
const text = { title: 'a < b & "c"', xTitle: 'Epoch', yTitle: '', note: '' }

it('draws every point and lifts the pen at gaps', () => {
  const points = [0, 1, 2, 3, 4].map((x) => ({ x, y: x === 2 ? null : x }))
  const svg = lineSvg([{ id: 'a', label: 'run', token: '--c0', dash: [6, 3], points }], text, palette)
  const path = /<path d="([^"]+)" fill="none"/.exec(svg)?.[1] ?? ''
  expect(path.match(/M/g)).toHaveLength(2)
  expect(path.match(/L/g)).toHaveLength(2)
  expect(svg).toContain('stroke-dasharray="6 3"')
})

it('escapes names, so that a run cannot bring its own markup', () => {
  const svg = lineSvg(
    [{ id: 'a', label: '<script>', token: '--c0', dash: [], points: [{ x: 0, y: 0 }] }],
    text,
    palette,
  )
  expect(svg).toContain('a &lt; b &amp; &quot;c&quot;')
  expect(svg).not.toContain('<script>')
})

it('draws one cell per number of a heat map', () => {
  const cell = () => ({ background: '#000', text: '#fff', rgb: [0, 0, 0] as const })
  const svg = heatSvg(
    'heat',
    ['fog', 'snow'],
    ['1', '2'],
    [
      [1, null],
      [3, 4],
    ],
    'severity',
    cell,
    String,
  )
  expect(svg.match(/<rect/g)).toHaveLength(1 + 3)
})
