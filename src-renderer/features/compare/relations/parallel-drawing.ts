import { escapeXml } from '../../../format/escape-xml.ts'
import type { Brush, ParallelAxis, ParallelFrame } from './parallel-axes.ts'
import { axisX, isWithin, pathOf, placeY, positionOf, ticksOf } from './parallel-axes.ts'

interface ParallelLine {
  readonly id: string
  readonly label: string
  /** A token such as `--c0`, or a colour. */
  readonly colour: string
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

/** Beyond these the lines are drawn lighter. */
const MANY_LINES = 200
const LONGEST = 24
const BRUSH = 10
/** Titles stand in two rows in turn, each with the width of two axes. */
const TITLE_PX = 7
const TITLE_ROWS = [14, 34]
const AXIS_PX = 150
export const clip = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text

/** Room for the axes at a given width. */
export const frameOf = (width: number): ParallelFrame => ({
  width,
  height: 450,
  top: 58,
  bottom: 18,
  side: 84,
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
      'stroke-opacity': lines.length > MANY_LINES ? 0.35 : 0.85,
    },
    name: line.label,
  })
  return [
    ...runs.filter((r) => !r.isIn).map(path),
    ...runs.filter((r) => r.isIn).map(path),
    ...axes.flatMap((_, k) => axisShapes(look, k, ink)),
  ]
}

export const inkOf = (colour: string, ink: (token: string) => string): string =>
  colour.startsWith('--') ? ink(colour) : colour

function axisShapes(
  { frame, axes, brushes }: ParallelLook,
  k: number,
  ink: (token: string) => string,
): Shape[] {
  const axis = axes[k]!
  const x = axisX(frame, axes.length, k)
  const [y1, y2] = [frame.top, frame.height - frame.bottom]
  const { label } = axis.quantity
  const ticks = ticksOf(axis).map(({ position, text }): Shape => ({
    tag: 'text',
    attributes: {
      x: x - 8,
      y: placeY(frame, position) + 4,
      'text-anchor': 'end',
      'font-size': 11,
      fill: ink('--muted'),
      stroke: ink('--surface'),
      'stroke-width': 3,
      'paint-order': 'stroke',
    },
    text: clip(text),
  }))
  return [
    { tag: 'line', attributes: { x1: x, x2: x, y1, y2, stroke: ink('--edge') } },
    {
      tag: 'text',
      attributes: {
        x,
        y: TITLE_ROWS[k % 2]!,
        'text-anchor': 'middle',
        'font-size': 12,
        'font-weight': 600,
        fill: ink('--text'),
      },
      text: titleOf(label, k, frame, axes.length),
      name: label,
    },
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

function titleOf(label: string, k: number, { width, side }: ParallelFrame, count: number): string {
  const between = (2 * (width - 2 * side)) / Math.max(1, count - 1)
  const isEdge = k === 0 || k === count - 1
  const room = (isEdge ? Math.min(between, 2 * side) : between) / TITLE_PX
  return label.length > room ? `${label.slice(0, Math.max(3, Math.floor(room) - 1))}…` : label
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
