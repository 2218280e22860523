import type { Bin } from '../statistics/histogram.ts'
import type { Palette } from '../frame/palette.ts'
import { axesSvg, escapeXml, fix, openSvg, scaleOf } from '../frame/svg-axes.ts'
import type { PictureText } from '../line/svg-picture.ts'

const WIDTH = 720
const HEIGHT = 420
const BOX = { left: 64, right: 704, top: 36, bottom: 364 }
/** Names under bars that would overlap are left out. */
const NAME_PX = 44

/** A bar chart as a stand-alone SVG; with names for counts of categories. */
export function barSvg(
  bins: readonly Bin[],
  names: readonly string[] | null,
  text: PictureText,
  palette: Palette,
  token: string,
): string {
  const most = bins.reduce((n, b) => Math.max(n, b.count), 1)
  const edges = rangeOf(bins)
  const range: [number, number] = names === null ? edges : [-0.5, bins.length - 0.5]
  const x = scaleOf(range, BOX.left, BOX.right, false)
  const y = scaleOf([0, most], BOX.bottom, BOX.top, false)
  const every = Math.max(1, Math.ceil((NAME_PX * bins.length) / (BOX.right - BOX.left)))
  const shown = names?.map((name, i) => (i % every === 0 ? name : '')) ?? null
  const bars = bins.map((b, i) => {
    const [from, to] = names === null ? [x(b.low), x(b.high)] : [x(i - 0.4), x(i + 0.4)]
    return `<rect x="${fix(from + 0.5)}" y="${fix(y(b.count))}" width="${fix(Math.max(0.5, to - from - 1))}" height="${fix(BOX.bottom - y(b.count))}" fill="${palette.token(token)}"/>`
  })
  return [
    ...openSvg(WIDTH, HEIGHT, BOX.left, text.title, palette),
    ...axesSvg(
      BOX,
      { range, title: text.xTitle, names: shown },
      { range: [0, most], title: text.yTitle, ticks: 5 },
      palette,
    ),
    ...bars,
    `<text x="${BOX.left}" y="${HEIGHT - 6}" fill="${palette.muted}">${escapeXml(text.note)}</text>`,
    '</svg>',
  ].join('\n')
}

/** From the first edge to the last. */
export const rangeOf = (bins: readonly Bin[]): [number, number] => [bins[0]?.low ?? 0, bins.at(-1)?.high ?? 1]
