import type { Palette } from '../../../ui/charts/frame/palette.ts'
import { escapeXml, fix, openSvg } from '../../../ui/charts/frame/svg-axes.ts'
import type { Brush, ParallelAxis, ParallelFrame } from './parallel-axes.ts'
import { axisX, isWithin, pathOf, placeY, ticksOf } from './parallel-axes.ts'

export interface ParallelLine {
  readonly id: string
  readonly label: string
  /** A colour as the drawing understands it. */
  readonly colour: string
}

const FRAME = { height: 460, top: 70, bottom: 24, side: 80 }
const AXIS_PX = 150
/** Beyond these the lines are drawn lighter. */
export const MANY_LINES = 200
const LONGEST = 24
export const clip = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text

/** Parallel coordinates as a stand-alone SVG; runs outside the chosen ranges stay, pale. */
export function parallelSvg(
  title: string,
  axes: readonly ParallelAxis[],
  lines: readonly ParallelLine[],
  brushes: Readonly<Record<string, Brush>>,
  palette: Palette,
): string {
  const frame: ParallelFrame = { ...FRAME, width: 2 * FRAME.side + AXIS_PX * Math.max(2, axes.length - 1) }
  const opacity = lines.length > MANY_LINES ? 0.35 : 0.85
  const paths = lines.map((line, i) => ({ i, line, isIn: isWithin(i, axes, brushes) }))
  return [
    ...openSvg(frame.width, frame.height, FRAME.side / 2, title, palette),
    ...[...paths.filter((p) => !p.isIn), ...paths.filter((p) => p.isIn)].map(
      ({ i, line, isIn }) =>
        `<path d="${pathOf(frame, axes, i)}" fill="none" stroke="${isIn ? line.colour : palette.line}" stroke-width="1.6" stroke-opacity="${opacity}"><title>${escapeXml(line.label)}</title></path>`,
    ),
    ...axes.map((axis, k) => axisSvg(axis, axisX(frame, axes.length, k), frame, palette)),
    '</svg>',
  ].join('\n')
}

function axisSvg(axis: ParallelAxis, x: number, frame: ParallelFrame, palette: Palette): string {
  const ticks = ticksOf(axis).map(
    ({ position, text }) =>
      `<text x="${fix(x - 6)}" y="${fix(placeY(frame, position) + 4)}" text-anchor="end" fill="${palette.muted}" stroke="${palette.surface}" stroke-width="3" paint-order="stroke">${escapeXml(clip(text))}</text>`,
  )
  return [
    `<line x1="${fix(x)}" x2="${fix(x)}" y1="${frame.top}" y2="${frame.height - frame.bottom}" stroke="${palette.muted}"/>`,
    `<text x="${fix(x)}" y="${frame.top - 14}" text-anchor="middle" font-weight="600" fill="${palette.text}">${escapeXml(clip(axis.quantity.label))}</text>`,
    ...ticks,
  ].join('')
}
