import { escapeXml } from '../../../format/escape-xml.ts'
import { elide, wrapText } from '../../../format/fit-text.ts'
import { markerPath, shapeOf } from '../../../format/marker-path.ts'
import type { Marker } from '../../../format/series-style.ts'
import type { Brush, ParallelAxis, ParallelFrame } from './parallel-axes.ts'
import { axisX, isWithin, pathOf, placeY, positionOf, ticksOf } from './parallel-axes.ts'

interface ParallelLine {
  readonly id: string
  readonly label: string
  /** A token such as `--c0`, or a colour. */
  readonly colour: string
  readonly dash?: readonly number[]
  readonly marker?: Marker
}

/** An element of an SVG drawing; `name` shows under the pointer. */
export interface Shape {
  readonly tag: 'path' | 'line' | 'text' | 'rect'
  readonly attributes: Readonly<Record<string, string | number>>
  readonly text?: string
  readonly name?: string
}

export interface ParallelLook {
  readonly frame: ParallelFrame
  readonly axes: readonly ParallelAxis[]
  readonly lines: readonly ParallelLine[]
  readonly brushes: Readonly<Record<string, Brush>>
}

/** Beyond these the lines have no markers and are drawn lighter, beyond the second number lighter still. */
const MANY_LINES = 24
const CROWD = 200
const MARKER_RADIUS = 3.5
const LONGEST = 24
const BRUSH = 10
/** A title stands above its axis, in lines that end above it. */
const TITLE_PX = 6.3
const TITLE_LINES = 4
const LINE_PX = 14
const TITLE_GAP = 16
const TICK_PX = 6
const TICK_GAP = 8
/** Words of an axis that stand closer than this cannot be read: every second, third ... is written. */
const TICK_HEIGHT = 13
const AXIS_PX = 150
export const clip = (text: string): string => elide(text, LONGEST)

/** Room for the axes at a given width. */
export const frameOf = (width: number): ParallelFrame => ({
  width,
  height: 450,
  top: TITLE_LINES * LINE_PX + TITLE_GAP,
  bottom: 18,
  side: 80,
})

/** The same for a file, whose width depends on the number of axes alone. */
export const paperFrame = (axes: number): ParallelFrame =>
  frameOf(2 * frameOf(0).side + AXIS_PX * Math.max(2, axes - 1))

/**
 * Parallel coordinates, on the screen and in files: runs outside the chosen ranges lie beneath, pale. `ink` gives the colour of a token: a reference
 * on the screen, a value in a file.
 */
export function parallelDrawing(look: ParallelLook, ink: (token: string) => string): Shape[] {
  const { frame, axes, lines, brushes } = look
  const runs = lines.map((line, i) => ({ line, i, isIn: isWithin(i, axes, brushes) }))
  const path = ({ line, i, isIn }: (typeof runs)[number]): Shape => ({
    tag: 'path',
    attributes: {
      d: pathOf(frame, axes, i),
      fill: 'none',
      stroke: isIn ? inkOf(line.colour, ink) : ink('--line'),
      'stroke-width': 1.6,
      'stroke-opacity': lines.length > CROWD ? 0.35 : lines.length > MANY_LINES ? 0.55 : 0.85,
      ...(line.dash === undefined || line.dash.length === 0
        ? {}
        : { 'stroke-dasharray': line.dash.join(' ') }),
    },
    name: line.label,
  })
  const within = runs.filter((r) => r.isIn)
  const marked = lines.length > MANY_LINES ? [] : within
  return [
    ...runs.filter((r) => !r.isIn).map(path),
    ...within.map(path),
    ...marked.flatMap(({ line, i }) => markersOf(look, line, i, ink)),
    ...axes.flatMap((_, k) => axisShapes(look, k, ink)),
  ]
}

export const inkOf = (colour: string, ink: (token: string) => string): string =>
  colour.startsWith('--') ? ink(colour) : colour

/** The markers of a line where it meets the axes. */
function markersOf(
  { frame, axes }: ParallelLook,
  line: ParallelLine,
  i: number,
  ink: (token: string) => string,
): Shape[] {
  const { marker } = line
  if (marker === undefined) return []
  const colour = inkOf(line.colour, ink)
  return axes.flatMap((axis, k) => {
    const value = axis.quantity.values[i] ?? null
    if (value === null) return []
    const [x, y] = [axisX(frame, axes.length, k), placeY(frame, positionOf(axis, value))]
    const attributes = {
      d: markerPath(marker, x, y, MARKER_RADIUS),
      fill: shapeOf(marker).isOpen ? ink('--surface') : colour,
      stroke: colour,
    }
    return [{ tag: 'path', attributes, name: line.label }]
  })
}

function axisShapes(
  { frame, axes, brushes }: ParallelLook,
  k: number,
  ink: (token: string) => string,
): Shape[] {
  const axis = axes[k]!
  const x = axisX(frame, axes.length, k)
  const [y1, y2] = [frame.top, frame.height - frame.bottom]
  const { label } = axis.quantity
  const between = (frame.width - 2 * frame.side) / Math.max(1, axes.length - 1)
  const tickRoom = Math.floor(((k === 0 ? frame.side : between) - 2 * TICK_GAP) / TICK_PX)
  const shown = legible(ticksOf(axis), y2 - y1)
  const ticks = shown.map(({ position, text }): Shape => ({
    tag: 'text',
    attributes: {
      x: x - TICK_GAP,
      y: placeY(frame, position) + 4,
      'text-anchor': 'end',
      'font-size': 11,
      fill: ink('--muted'),
      stroke: ink('--surface'),
      'stroke-width': 3,
      'paint-order': 'stroke',
    },
    text: elide(text, Math.max(3, tickRoom)),
    name: text,
  }))
  const titles = titleLines(label, k, frame, axes.length).map((text, i, all): Shape => ({
    tag: 'text',
    attributes: {
      x,
      y: frame.top - TITLE_GAP - LINE_PX * (all.length - 1 - i),
      'text-anchor': 'middle',
      'font-size': 11,
      'font-weight': 600,
      fill: ink('--text'),
    },
    text,
    name: label,
  }))
  return [
    { tag: 'line', attributes: { x1: x, x2: x, y1, y2, stroke: ink('--edge') } },
    ...titles,
    ...ticks,
    ...brushShapes(axis, brushes[axis.quantity.id], x, frame, ink),
  ]
}

/** The chosen part of an axis. */
function brushShapes(
  axis: ParallelAxis,
  brush: Brush | undefined,
  x: number,
  frame: ParallelFrame,
  ink: (token: string) => string,
): Shape[] {
  if (brush === undefined) return []
  const [top = 0, foot = 0] = brush.map((v) => placeY(frame, positionOf(axis, v))).sort((a, b) => a - b)
  const attributes = {
    x: x - BRUSH,
    y: top,
    width: 2 * BRUSH,
    height: Math.max(2, foot - top),
    fill: ink('--accent'),
    'fill-opacity': 0.25,
    stroke: ink('--accent'),
  }
  return [{ tag: 'rect', attributes }]
}

/** A title has the width between two axes, at the edges that of the margin. */
function titleLines(label: string, k: number, { width, side }: ParallelFrame, count: number): string[] {
  const between = (width - 2 * side) / Math.max(1, count - 1)
  const isEdge = k === 0 || k === count - 1
  const room = Math.floor((isEdge ? Math.min(between, 2 * side) : between) / TITLE_PX)
  return wrapText(label, Math.max(5, room), TITLE_LINES)
}

/** As many ticks as have room one above the other, evenly chosen. */
function legible<T>(ticks: readonly T[], height: number): readonly T[] {
  const every = Math.ceil((ticks.length * TICK_HEIGHT) / height)
  return every <= 1 ? ticks : ticks.filter((_, i) => i % every === 0)
}

/** Shapes as SVG text. */
export function shapesSvg(shapes: readonly Shape[]): string {
  return shapes
    .map(({ tag, attributes, text = '', name }) => {
      const written = Object.entries(attributes).map(
        ([key, value]) => ` ${key}="${escapeXml(String(value))}"`,
      )
      const title = name === undefined ? '' : `<title>${escapeXml(name)}</title>`
      return `<${tag}${written.join('')}>${escapeXml(text)}${title}</${tag}>`
    })
    .join('\n')
}
