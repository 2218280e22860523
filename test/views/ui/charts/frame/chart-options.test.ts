import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Group } from '../../../../../src-renderer/ui/charts/box/box-groups.ts'
import { boxConfig, boxPoints } from '../../../../../src-renderer/ui/charts/box/box-options.ts'
import type { Palette } from '../../../../../src-renderer/ui/charts/frame/palette.ts'
import { paperPalette, readPalette } from '../../../../../src-renderer/ui/charts/frame/palette.ts'
import type { Mark, Series } from '../../../../../src-renderer/ui/charts/frame/series.ts'
import { histogramConfig } from '../../../../../src-renderer/ui/charts/histogram/histogram-options.ts'
import { lineDatasets } from '../../../../../src-renderer/ui/charts/line/line-datasets.ts'
import type { LineLook } from '../../../../../src-renderer/ui/charts/line/line-options.ts'
import { lineConfig } from '../../../../../src-renderer/ui/charts/line/line-options.ts'
import { matrixConfig } from '../../../../../src-renderer/ui/charts/matrix/matrix-options.ts'
import type { Dot, ScatterLook } from '../../../../../src-renderer/ui/charts/scatter/scatter.ts'
import { scatterConfig } from '../../../../../src-renderer/ui/charts/scatter/scatter-options.ts'

const palette: Palette = {
  text: '#111111',
  muted: '#555555',
  line: '#dddddd',
  surface: '#ffffff',
  accent: '#0000ff',
  good: '#00aa00',
  bad: '#aa0000',
  warn: '#aaaa00',
  font: 'Arial',
  token: (name) => (name === '--c0' ? '#0072b2' : '#d55e00'),
}
const points = (...values: number[]) => values.map((y, x) => ({ x, y }))
const series = (id: string, more: Partial<Series> = {}): Series => ({
  id,
  label: id,
  token: '--c0',
  dash: [6, 3],
  points: points(1, 2),
  ...more,
})

describe('the lines as Chart.js draws them', () => {
  it('lie on their raw values and bands, the one looked at on top, marks of gaps on all', () => {
    const sets = lineDatasets(
      [
        series('a', { stress: 'strong', raw: points(0, 3) }),
        series('b', { band: { low: points(0, 0), high: points(4, 4) }, gaps: points(1) }),
      ],
      palette,
    )
    expect(sets.map((s) => s.label ?? '')).toEqual(['', '', '', 'b', 'a', ''])
    expect(sets.map((s) => s.data)).toEqual([
      points(4, 4),
      points(0, 0),
      points(0, 3),
      points(1, 2),
      points(1, 2),
      points(1),
    ])
    expect(sets[0]?.fill).toBe('+1')
    expect(sets.at(-1)).toMatchObject({ showLine: false, pointStyle: 'crossRot' })
  })

  it('are wide when looked at, thin and pale among many, and pale while another one is looked at', () => {
    const looks = [
      series('a', { stress: 'strong' }),
      series('b', { stress: 'quiet' }),
      series('c', { faded: true }),
    ]
    const sets = lineDatasets(looks, palette)
    expect(Object.fromEntries(sets.map((s) => [s.label, [s.borderWidth, s.borderColor]]))).toEqual({
      a: [2.75, '#0072b2'],
      b: [1, '#0072b280'],
      c: [1.75, '#0072b229'],
    })
  })

  it('have no dashes where these could not be followed, and are a dot where there is one point', () => {
    const long = points(...Array.from({ length: 121 }, (_, i) => i))
    const sets = lineDatasets(
      [
        series('quiet', { stress: 'quiet', points: long }),
        series('plain', { points: long }),
        series('one', { points: points(5) }),
      ],
      palette,
    )
    expect(sets.map((s) => s.borderDash)).toEqual([[], [6, 3], [6, 3]])
    expect(sets.map((s) => s.pointRadius)).toEqual([0, 0, 3])
  })

  const look: LineLook = {
    xTitle: 'Epoch',
    yTitle: '%',
    xLog: false,
    yLog: true,
    range: null,
    onZoom: () => undefined,
    marks: [],
    clip: null,
  }
  const scalesOf = (more: Partial<LineLook>) =>
    lineConfig([series('a')], { ...look, ...more }, palette).options?.scales

  it('show the whole range, or the part that is zoomed to and not clipped', () => {
    expect(scalesOf({})).toMatchObject({ x: { type: 'linear' }, y: { type: 'logarithmic' } })
    expect(scalesOf({})?.['x']).not.toHaveProperty('min')
    expect(scalesOf({ range: [2, 5], clip: { low: 10, high: 90, outside: 3 } })).toMatchObject({
      x: { min: 2, max: 5 },
      y: { min: 10, max: 90 },
    })
  })

  it('tell the range after zooming and moving', () => {
    const onZoom = vi.fn()
    const { zoom } = lineConfig([series('a')], { ...look, onZoom }, palette).options?.plugins ?? {}
    const chart = { scales: { x: { min: 1, max: 4 } } }
    for (const tell of [zoom?.zoom?.onZoomComplete, zoom?.pan?.onPanComplete])
      if (tell !== undefined) Reflect.apply(tell, undefined, [{ chart }])
    expect(onZoom.mock.calls).toEqual([[[1, 4]], [[1, 4]]])
    expect(zoom?.zoom?.wheel).toMatchObject({ modifierKey: 'ctrl' })
  })

  it('carry their marks and leave room for their names', () => {
    const marks: Mark[] = [{ x: 1, label: 'best', tone: 'good' }]
    const config = lineConfig([series('a'), series('b')], { ...look, marks }, palette)
    expect(config.data.datasets.map((s) => 'marks' in s)).toEqual([true, false])
    expect(config.options?.layout).toEqual({ padding: { top: 16, right: 8 } })
  })
})

describe('the points as Chart.js draws them', () => {
  const look: ScatterLook = {
    xTitle: 'x',
    yTitle: 'y',
    xLog: false,
    yLog: false,
    identity: false,
    xNames: null,
    yNames: null,
    guides: [],
    levelTitle: '',
  }
  const dot = (id: string, more: Partial<Dot> = {}): Dot => ({
    id,
    x: 1,
    y: 2,
    label: id,
    token: '--c0',
    ...more,
  })
  const drawn = (dots: readonly Dot[], more: Partial<ScatterLook> = {}, at: string | null = null) =>
    scatterConfig(dots, { ...look, ...more }, at, palette)

  it('are larger when looked at, and small and pale where they are single seeds', () => {
    const dots = [dot('a'), dot('b'), dot('seed', { isFaint: true }), dot('mean', { yLow: 1, yHigh: 3 })]
    const [set] = drawn(dots, {}, 'b').data.datasets
    expect(set).toMatchObject({ radius: [3.5, 6.5, 2.5, 4.5] })
    expect(set).toMatchObject({ backgroundColor: ['#0072b2cc', '#0072b2cc', '#0072b259', '#0072b2cc'] })
    expect(set?.data[3]).toMatchObject({ yMin: 1, yMax: 3 })
  })

  it('are smaller in a crowd', () => {
    const crowd = Array.from({ length: 401 }, (_, i) => dot(String(i)))
    expect(drawn(crowd).data.datasets[0]).toMatchObject({ radius: Array.from({ length: 401 }, () => 2.5) })
  })

  it('stand at words that are wrapped to fit, the first on top', () => {
    const names = ['relu', 'a very long name that does not fit at all']
    const { x, y } = drawn([dot('a', { x: 0, y: 1 })], { yNames: names }).options?.scales ?? {}
    expect(x).not.toHaveProperty('reverse')
    expect(y).toMatchObject({ reverse: true, min: -0.5, max: 1.5 })
    const text = y?.ticks?.callback as ((value: number) => string[]) | undefined
    expect([0, 1, 2].map((v) => text?.(v))).toEqual([
      ['relu'],
      ['a very long name that does', 'not fit at all'],
      [''],
    ])
  })

  it('have guides from edge to edge, with their names', () => {
    const guides = [{ kind: 'y' as const, at: 5, label: 'baseline' }]
    const { plugins } =
      drawn([dot('a', { x: 0, y: 0 }), dot('b', { x: 10, y: 10 })], { identity: true, guides }).options ?? {}
    expect(plugins?.annotation?.annotations).toMatchObject([
      { xMin: -0.5, yMin: -0.5, xMax: 10.5, yMax: 10.5 },
      { xMin: -0.5, yMin: 5, xMax: 10.5, yMax: 5, label: { content: 'baseline' } },
    ])
  })
})

describe('cells, bars and boxes as Chart.js draws them', () => {
  const cells = { rows: 1, columns: 2, isImage: false, textAt: () => '', colourAt: () => null }
  const scale = {
    range: [0, 1] as const,
    colour: () => ({ background: '#000000', text: '#ffffff', rgb: [0, 0, 0] as const }),
    title: '',
  }
  const matrix = { rows: ['r'], columns: ['a', 'b'], rowTitle: 'R', columnTitle: 'C', cells, scale }

  it('have a coloured element for each measured cell, and none where all are one image', () => {
    const colourAt = (_row: number, column: number) => (column === 0 ? scale.colour() : null)
    const one = matrixConfig({ ...matrix, cells: { ...cells, colourAt } }, palette).data.datasets[0]
    expect([one?.data, one?.backgroundColor]).toEqual([[{ x: 0, y: 0 }], ['#000000']])
    const image = matrixConfig({ ...matrix, cells: { ...cells, colourAt, isImage: true } }, palette)
    expect(image.data.datasets[0]?.data).toEqual([])
  })

  it('name every row and column up to forty, and cut long names', () => {
    const columns = Array.from({ length: 41 }, (_, i) => `${i} ${'x'.repeat(40)}`)
    const { x, y } = matrixConfig({ ...matrix, columns }, palette).options?.scales ?? {}
    expect(x).toMatchObject({ position: 'top', ticks: { autoSkip: true } })
    expect(y).toMatchObject({ labels: ['r'], ticks: { autoSkip: false } })
    expect((x as { labels?: string[] }).labels?.[0]).toBe(`0 ${'x'.repeat(29)}…`)
  })

  it('have bars between edges, or beside their names', () => {
    const bins = [
      { low: 0, high: 2, count: 3 },
      { low: 2, high: 4, count: 1 },
    ]
    const look = { xTitle: 'x', yTitle: 'n', token: '--c0', names: null }
    const edges = histogramConfig(bins, look, palette)
    expect(edges.options?.scales?.['x']).toMatchObject({ type: 'linear', min: 0, max: 4 })
    expect(edges.data.datasets[0]?.data).toMatchObject([
      { x: 1, y: 3 },
      { x: 3, y: 1 },
    ])
    const named = histogramConfig(bins, { ...look, names: ['cat', 'dog'] }, palette)
    expect(named.options?.scales?.['x']).toMatchObject({ type: 'category' })
    expect(named.data.labels).toEqual(['cat', 'dog'])
  })

  it('have boxes or violins with every value beside them, on one axis', () => {
    const group: Group = { id: 'a', label: 'a', token: '--c1', values: [0, 5, 10], names: ['u', 'v', 'w'] }
    const of = (isViolin: boolean) =>
      boxConfig([group], { valueTitle: 'r', isViolin, points: boxPoints([group]) }, palette)
    expect(of(false).data.datasets.map((d) => d.type)).toEqual(['boxplot', 'scatter'])
    expect(of(true).data.datasets.map((d) => d.type)).toEqual(['violin', 'scatter'])
    expect(of(false).options?.scales?.['x']).toMatchObject({ min: -0.4, max: 10.4 })
    expect(of(false).data.datasets[1]?.data).toMatchObject([
      { x: 0, group: 0 },
      { x: 5, index: 1 },
      { x: 10 },
    ])
  })
})

describe('the colours of charts', () => {
  afterEach(() => {
    document.head.replaceChildren()
    delete document.documentElement.dataset['theme']
  })

  it('are those of the theme on the screen, and those of the light one in files', () => {
    const style = document.head.appendChild(document.createElement('style'))
    style.textContent =
      ':root { --text: #eeeeee; } :root[data-theme="light"] { --text: #111111; --c0: #0072b2; }'
    document.documentElement.dataset['theme'] = 'dark'
    expect(readPalette().text).toBe('#eeeeee')
    const paper = paperPalette()
    expect([paper.text, paper.token('--c0')]).toEqual(['#111111', '#0072b2'])
    expect(document.documentElement.dataset['theme']).toBe('dark')
  })
})
