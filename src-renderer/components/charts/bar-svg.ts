import type { Bin } from './histogram.ts'
import { niceTicks } from './nice-ticks.ts'
import type { Palette } from './palette.ts'
import type { PictureText } from './svg-picture.ts'
import { escapeXml } from './svg-picture.ts'

const WIDTH = 720
const HEIGHT = 420
const LEFT = 64
const RIGHT = 16
const TOP = 36
const BOTTOM = 52
/** Names under bars that would overlap are left out. */
const NAME_PX = 44

/** A bar chart as a stand-alone SVG. */
export function barSvg(
  bins: readonly Bin[],
  labels: readonly string[],
  text: PictureText,
  palette: Palette,
  token: string,
): string {
  const most = bins.reduce((n, b) => Math.max(n, b.count), 1)
  const step = (WIDTH - LEFT - RIGHT) / Math.max(1, bins.length)
  const y = (count: number): number => HEIGHT - BOTTOM - (count / most) * (HEIGHT - TOP - BOTTOM)
  const every = Math.max(1, Math.ceil(NAME_PX / step))
  const bars = bins.map(
    (b, i) =>
      `<rect x="${(LEFT + i * step + 1).toFixed(1)}" y="${y(b.count).toFixed(1)}" width="${(step - 2).toFixed(1)}" height="${(HEIGHT - BOTTOM - y(b.count)).toFixed(1)}" fill="${palette.token(token)}"/>`,
  )
  const names = labels.map((name, i) =>
    i % every === 0
      ? `<text x="${(LEFT + (i + 0.5) * step).toFixed(1)}" y="${HEIGHT - BOTTOM + 14}" text-anchor="middle" fill="${palette.muted}">${escapeXml(name)}</text>`
      : '',
  )
  const grid = niceTicks([0, most], 5, false).map(
    (t) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(t)}" y2="${y(t)}" stroke="${palette.line}"/><text x="${LEFT - 6}" y="${y(t) + 4}" text-anchor="end" fill="${palette.muted}">${t}</text>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="Helvetica, Arial, sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${palette.surface}"/>`,
    `<text x="${LEFT}" y="20" font-size="14" font-weight="600" fill="${palette.text}">${escapeXml(text.title)}</text>`,
    ...grid,
    ...bars,
    ...names,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 14}" text-anchor="middle" fill="${palette.text}">${escapeXml(text.xTitle)}</text>`,
    `<text transform="translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle" fill="${palette.text}">${escapeXml(text.yTitle)}</text>`,
    '</svg>',
  ].join('\n')
}
