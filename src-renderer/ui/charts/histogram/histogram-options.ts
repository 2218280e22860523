import type { ChartConfiguration } from 'chart.js'
import { BASE_OPTIONS } from '../frame/base-options.ts'
import { axisOptions, numberAxis } from '../frame/axis-options.ts'
import type { Palette } from '../frame/palette.ts'
import type { Bin } from '../statistics/histogram.ts'

export interface HistogramLook {
  readonly xTitle: string
  readonly yTitle: string
  /** Colour token of the bars. */
  readonly token: string
  /** Names of the bars, for counts of categories. */
  readonly names: readonly string[] | null
}

/** Size of a picture in a file. */
export const HISTOGRAM_SIZE = { width: 720, height: 384 }

/** Where bars stand: in the middle of their bin, or at 0, 1, 2 ... where they have names. */
export const barPoints = (bins: readonly Bin[], names: readonly string[] | null) =>
  bins.map((b, i) => ({ x: names === null ? (b.low + b.high) / 2 : i, y: b.count, i }))

/** The bars, on the screen and in files. */
export function histogramConfig(
  bins: readonly Bin[],
  { xTitle, yTitle, token, names }: HistogramLook,
  palette: Palette,
): ChartConfiguration<'bar', { x: number; y: number }[]> {
  const across =
    names === null
      ? {
          ...numberAxis(xTitle, palette, false),
          grid: { display: false },
          // Bars stand between edges, and ticks at round numbers.
          offset: false,
          min: bins[0]?.low ?? 0,
          max: bins.at(-1)?.high ?? 1,
        }
      : { ...axisOptions(xTitle, palette), type: 'category' as const, grid: { display: false } }
  return {
    type: 'bar',
    data: {
      labels: [...(names ?? [])],
      datasets: [
        {
          data: barPoints(bins, names),
          backgroundColor: palette.token(token),
          barPercentage: 1,
          // As wide as the bins are apart; the usual width follows the ticks too.
          ...(names === null ? { barThickness: 'flex' as const } : {}),
          categoryPercentage: names === null ? 0.96 : 0.8,
        },
      ],
    },
    options: {
      ...BASE_OPTIONS,
      parsing: false,
      scales: { x: across, y: { ...numberAxis(yTitle, palette, false), beginAtZero: true } },
    },
  }
}
