import type { ChartConfiguration, ChartType } from 'chart.js'
import { describe, expect, it } from 'vitest'
import type { Group } from '../../../../../../src-renderer/ui/charts/box/box-groups.ts'
import { boxConfig, boxPoints, boxSize } from '../../../../../../src-renderer/ui/charts/box/box-options.ts'
import { sequential } from '../../../../../../src-renderer/ui/charts/frame/colour-map.ts'
import type { Palette } from '../../../../../../src-renderer/ui/charts/frame/palette.ts'
import type { Mark, Series } from '../../../../../../src-renderer/ui/charts/frame/series.ts'
import { histogramConfig } from '../../../../../../src-renderer/ui/charts/histogram/histogram-options.ts'
import type { LineLook } from '../../../../../../src-renderer/ui/charts/line/line-options.ts'
import { lineConfig } from '../../../../../../src-renderer/ui/charts/line/line-options.ts'
import type { MatrixLook } from '../../../../../../src-renderer/ui/charts/matrix/matrix-options.ts'
import { matrixConfig, matrixSize } from '../../../../../../src-renderer/ui/charts/matrix/matrix-options.ts'
import { chartSvg } from '../../../../../../src-renderer/ui/charts/picture/chart-svg.ts'
import type { Dot, ScatterLook } from '../../../../../../src-renderer/ui/charts/scatter/scatter.ts'
import { scatterConfig } from '../../../../../../src-renderer/ui/charts/scatter/scatter-options.ts'

const palette: Palette = {
  text: '#111111',
  muted: '#555555',
  line: '#dddddd',
  surface: '#ffffff',
  accent: '#0000ff',
  good: '#00aa00',
  bad: '#aa0000',
  warn: '#aaaa00',
  font: 'Helvetica, Arial, sans-serif',
  token: (name) => (name === '--c0' ? '#0072b2' : '#d55e00'),
}
/** All letters equally wide: where something stands does not depend on the fonts of a machine. */
const measure = (text: string, font: string): number =>
  0.5 * Number(/([\d.]+)px/.exec(font)![1]) * text.length
const SIZE = { width: 600, height: 360 }

function svgOf<T extends ChartType, D>(config: ChartConfiguration<T, D>, note = '', size = SIZE): string {
  return chartSvg(config, { title: 'a < b & "c"', note, ...size }, palette, measure)
}
const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((m) => m[1]!)
const tags = (svg: string, tag: string): string[] =>
  [...svg.matchAll(new RegExp(`<${tag}\\b[^>]*>`, 'g'))].map((m) => m[0])

const line = (id: string, points: Series['points'], more: Partial<Series> = {}): Series => ({
  id,
  label: id,
  token: '--c0',
  dash: [],
  points,
  ...more,
})
const look: LineLook = {
  xTitle: 'Epoch',
  yTitle: 'Accuracy',
  xLog: false,
  yLog: false,
  range: null,
  onZoom: () => undefined,
  marks: [],
  clip: null,
}

describe('lines', () => {
  const lines = [
    line(
      'first',
      [0, 1, 2, 3, 4].map((x) => ({ x, y: x === 2 ? null : x })),
      { dash: [6, 3] },
    ),
    line(
      'second',
      [0, 4].map((x) => ({ x, y: 4 - x })),
      { token: '--c1' },
    ),
  ]

  it('have their names, axis titles, title and note as text, in a font that is named', () => {
    const svg = svgOf(lineConfig(lines, look, palette), 'mean of 3 seeds')
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['first', 'second', 'Epoch', 'Accuracy', 'mean of 3 seeds', '4']),
    )
    expect(texts(svg)).toContain('a &lt; b &amp; &quot;c&quot;')
    expect(svg).toContain('font-family="Helvetica, Arial, sans-serif"')
  })

  it('go through every point and are interrupted at gaps', () => {
    const svg = svgOf(lineConfig(lines, look, palette))
    const dashed = tags(svg, 'path').filter((p) => p.includes('stroke-dasharray="6 3"'))
    const drawn = dashed.map((p) => / d="([^"]*)"/.exec(p)![1]!).join('')
    expect(drawn.match(/M/g)).toHaveLength(2)
    expect(drawn.match(/L/g)).toHaveLength(2)
    expect(dashed.every((p) => p.includes('stroke="#0072b2"'))).toBe(true)
  })

  it('have the marker of their setting at six places and in the legend', () => {
    const points = Array.from({ length: 12 }, (_, x) => ({ x, y: x }))
    const svg = svgOf(lineConfig([line('marked', points, { marker: 'rectRotOpen' })], look, palette))
    const outlines = tags(svg, 'path').filter((p) => p.includes('stroke="#0072b2"') && p.includes('Z'))
    expect(new Set(outlines.map((p) => / d="([^"]*)"/.exec(p)?.[1])).size).toBe(6 + 1)
  })

  it('keep points that share a pixel', () => {
    const points = Array.from({ length: 5000 }, (_, x) => ({ x, y: Math.sin(x) }))
    const svg = svgOf(lineConfig([line('long', points)], look, palette))
    const longest = tags(svg, 'path').reduce((a, b) => (b.length > a.length ? b : a))
    expect(longest.match(/[ML]/g)).toHaveLength(5000)
  })

  it('have the marks of the screen', () => {
    const marks: Mark[] = [{ x: 3, label: 'best epoch', tone: 'good' }]
    const svg = svgOf(lineConfig(lines, { ...look, marks }, palette))
    expect(texts(svg)).toContain('best epoch')
    expect(tags(svg, 'path').some((p) => p.includes('stroke="#00aa00"'))).toBe(true)
  })

  it('have the band of their seeds, pale', () => {
    const band = { low: [0, 4].map((x) => ({ x, y: 0 })), high: [0, 4].map((x) => ({ x, y: 2 })) }
    const svg = svgOf(
      lineConfig(
        [
          line(
            'mean',
            [0, 4].map((x) => ({ x, y: 1 })),
            { band },
          ),
        ],
        look,
        palette,
      ),
    )
    expect(tags(svg, 'path').some((p) => p.includes('fill="#0072b2" fill-opacity="0.16"'))).toBe(true)
  })

  it('cannot bring markup of their own', () => {
    const svg = svgOf(lineConfig([line('<script>', [{ x: 0, y: 0 }])], look, palette))
    expect(svg).not.toContain('<script>')
    expect(texts(svg)).toContain('&lt;script&gt;')
  })

  it('change with the configuration that the screen is given, and with nothing else', () => {
    const config = lineConfig(lines, look, palette)
    const before = svgOf(config)
    expect(svgOf(config)).toBe(before)
    config.data.datasets[0]!.label = 'Renamed'
    expect(texts(svgOf(config))).toContain('Renamed')
  })
})

describe('points', () => {
  const dots: Dot[] = [
    { id: 'a', x: 1, y: 1, label: 'unit 1', token: '--c0', yLow: 0.5, yHigh: 1.5 },
    { id: 'b', x: 2, y: 3, label: 'unit <2>', token: '--c1', level: 7 },
    { id: 'c', x: 3, y: 2, label: 'unit 3', token: '--c1', level: 9 },
  ]
  const scatterLook: ScatterLook = {
    xTitle: 'A',
    yTitle: 'B',
    xLog: false,
    yLog: false,
    identity: true,
    xNames: null,
    yNames: null,
    guides: [{ kind: 'y', at: 2.5, label: 'ceiling' }],
    levelTitle: 'time',
  }
  const svg = (): string => svgOf(scatterConfig(dots, scatterLook, null, palette), 'n = 3 units')

  it('are as many as there are, each with its name', () => {
    expect(tags(svg(), 'circle')).toHaveLength(3)
    for (const name of ['unit 1', 'unit &lt;2&gt;', 'unit 3'])
      expect(svg()).toContain(`<title>${name}</title>`)
    const discs = tags(svg(), 'path').filter((p) => (p.match(/A3\.5 3\.5/g) ?? []).length === 2)
    expect(discs.filter((p) => p.includes(' fill="#'))).toHaveLength(2)
  })

  it('have axis titles, the names of guides, the scale of the colours and the note', () => {
    expect(texts(svg())).toEqual(expect.arrayContaining(['A', 'B', 'ceiling', 'time', 'n = 3 units']))
    expect(tags(svg(), 'stop').length).toBeGreaterThan(2)
    expect(tags(svg(), 'path').filter((p) => p.includes('stroke-dasharray="4 3"'))).toHaveLength(2)
  })

  it('have error bars where their ends are known', () => {
    const bars = (of: readonly Dot[]): number =>
      tags(svgOf(scatterConfig(of, scatterLook, null, palette)), 'path').filter((p) =>
        p.includes('stroke-width="1.5"'),
      ).length
    expect(bars(dots)).toBeGreaterThan(bars(dots.slice(1)))
    expect(bars(dots.slice(1))).toBe(0)
  })
})

describe('boxes', () => {
  const groups: Group[] = [
    { id: 'a', label: 'session 1', token: '--c0', values: [1, 2, 3, 4, 5], names: ['1', '2', '3', '4', '5'] },
    { id: 'b', label: 'session 2', token: '--c1', values: [2, 3, 4], names: ['1', '2', '3'] },
  ]

  it.each([false, true])('have groups, title of values and every value (violin: %s)', (isViolin) => {
    const boxLook = { valueTitle: 'Correlation', isViolin, points: boxPoints(groups) }
    const svg = svgOf(boxConfig(groups, boxLook, palette), 'line: median', boxSize(groups))
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['session 1', 'session 2', 'Correlation', 'line: median']),
    )
    const discs = tags(svg, 'path').filter((p) => p.includes('A2 2') && p.includes('fill-opacity="0.6"'))
    expect(discs).toHaveLength(8)
    expect(tags(svg, 'path').filter((p) => p.includes('fill-opacity="0.25"')).length).toBeGreaterThanOrEqual(
      2,
    )
  })
})

it('draws one bar for each bin, with both axis titles', () => {
  const bins = [3, 5, 1].map((count, i) => ({ low: i, high: i + 1, count }))
  const bars = { xTitle: 'Difference', yTitle: 'Units', token: '--c0', names: null }
  const svg = svgOf(histogramConfig(bins, bars, palette), 'median 1.5; n = 9')
  expect(texts(svg)).toEqual(expect.arrayContaining(['Difference', 'Units', 'median 1.5; n = 9']))
  expect(tags(svg, 'path').filter((p) => p.includes('fill="#0072b2"'))).toHaveLength(3)
})

it('draws one cell with its number for each number of a matrix, stripes and what the colours mean', () => {
  const values = [
    [1, null],
    [3, 4],
  ]
  const at = (r: number, c: number): number | null => values[r]?.[c] ?? null
  const colour = (v: number) => sequential(v, 0, 4)
  const matrix: MatrixLook = {
    rows: ['fog', 'snow'],
    columns: ['one', 'two'],
    rowTitle: 'corruption',
    columnTitle: 'severity',
    cells: {
      rows: 2,
      columns: 2,
      isImage: false,
      colourAt: (r, c) => {
        const v = at(r, c)
        return v === null ? null : colour(v)
      },
      textAt: (r, c) => at(r, c)?.toFixed(1) ?? '',
      isHatched: (r, c) => r === 1 && c === 1,
    },
    scale: { range: [0, 4], colour, title: 'accuracy' },
  }
  const svg = svgOf(matrixConfig(matrix, palette), '', matrixSize(matrix))
  expect(texts(svg)).toEqual(
    expect.arrayContaining(['fog', 'snow', 'one', 'two', 'corruption', 'severity', 'accuracy']),
  )
  expect(texts(svg).filter((t) => ['1.0', '3.0', '4.0'].includes(t))).toHaveLength(3)
  const paints = [1, 3, 4].map((v) => colour(v).rgb)
  for (const rgb of paints) {
    const hex = `#${rgb.map((n) => n.toString(16).padStart(2, '0')).join('')}`
    expect(tags(svg, 'path').filter((p) => p.includes(`fill="${hex}"`)).length).toBe(1)
  }
  expect(tags(svg, 'path').filter((p) => p.includes('stroke-opacity="0.45"'))).toHaveLength(1)
})

it('breaks a long note into lines and grows by them', () => {
  const config = lineConfig([line('a', [{ x: 0, y: 0 }])], look, palette)
  const heightOf = (svg: string): number => Number(/viewBox="0 0 \d+ (\d+)/.exec(svg)![1])
  const words = Array.from({ length: 60 }, (_, i) => `word${i}`)
  const svg = svgOf(config, words.join(' '))
  expect(heightOf(svg)).toBeGreaterThan(heightOf(svgOf(config, 'short')))
  const lines = texts(svg).filter((t) => t.startsWith('word'))
  expect(lines.join(' ').split(' ')).toEqual(words)
})
