import type { Marker } from './series-style.ts'

/** How Chart.js names a marker, and whether it is an outline only. */
interface MarkerShape {
  readonly pointStyle: 'circle' | 'rect' | 'triangle' | 'rectRot'
  /** In degrees. */
  readonly rotation: number
  readonly isOpen: boolean
}

const filled = { rotation: 0, isOpen: false }
const open = { rotation: 0, isOpen: true }
const SHAPES: Readonly<Record<Marker, MarkerShape>> = {
  circle: { pointStyle: 'circle', ...filled },
  rect: { pointStyle: 'rect', ...filled },
  triangle: { pointStyle: 'triangle', ...filled },
  rectRot: { pointStyle: 'rectRot', ...filled },
  triangleDown: { pointStyle: 'triangle', rotation: 180, isOpen: false },
  circleOpen: { pointStyle: 'circle', ...open },
  rectOpen: { pointStyle: 'rect', ...open },
  rectRotOpen: { pointStyle: 'rectRot', ...open },
}

export const shapeOf = (marker: Marker): MarkerShape => SHAPES[marker]

/** Corners on a circle, in turns of it from the top. */
const CORNERS = {
  rect: [1 / 8, 3 / 8, 5 / 8, 7 / 8],
  triangle: [0, 1 / 3, 2 / 3],
  rectRot: [0, 1 / 4, 1 / 2, 3 / 4],
} as const

/** The outline of a marker around (x, y) as an SVG path; `radius` in pixels. */
export function markerPath(marker: Marker, x: number, y: number, radius: number): string {
  const { pointStyle, rotation } = shapeOf(marker)
  const at = (turn: number): string => {
    const angle = 2 * Math.PI * (turn + rotation / 360)
    return `${short(x + radius * Math.sin(angle))} ${short(y - radius * Math.cos(angle))}`
  }
  if (pointStyle !== 'circle') return `M${CORNERS[pointStyle].map(at).join('L')}Z`
  const arc = `A${short(radius)} ${short(radius)} 0 0 1 `
  return `M${at(0)}${arc}${at(1 / 2)}${arc}${at(0)}Z`
}

const short = (value: number): string => String(Number(value.toFixed(2)))
