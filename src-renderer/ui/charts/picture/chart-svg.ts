import type { ChartConfiguration, ChartType } from 'chart.js'
import { BasicPlatform } from 'chart.js'
import type { Marker } from '../../../format/series-style.ts'
import type { Palette } from '../frame/palette.ts'
import { Chart } from '../frame/register.ts'
import type { LegendEntry, PictureFrame } from './picture-svg.ts'
import { measureText, pictureSvg } from './picture-svg.ts'
import type { Measure } from './svg-context.ts'
import { SvgContext, solidOf } from './svg-context.ts'

/** Pixels around a point within which its name shows. */
const REACH = 4

/** The chart of the screen as a stand-alone SVG: Chart.js draws the very same configuration, at a size of its own, without zoom and pointer. */
export function chartSvg<T extends ChartType, D>(
  config: ChartConfiguration<T, D>,
  frame: PictureFrame,
  palette: Palette,
  measure: Measure = measureText,
): string {
  const context = new SvgContext(frame.width, frame.height, measure)
  const options = (config.options ?? {}) as { readonly plugins?: object; readonly datasets?: object }
  const chart = new Chart(context.canvas as never, {
    ...config,
    // Marked as thinned already, lines are drawn through every point, also through those that share a pixel.
    data: {
      ...config.data,
      datasets: config.data.datasets.map((dataset) => ({ ...dataset, _decimated: true })),
    },
    platform: BasicPlatform,
    options: {
      ...options,
      responsive: false,
      devicePixelRatio: 1,
      plugins: { ...options.plugins, zoom: false },
      // Anything here keeps Chart.js from drawing lines as Path2D, which cannot be read back.
      datasets: { ...options.datasets, line: { segment: true } },
    } as never,
  })
  nameElements(chart, context)
  const drawing = context.toString()
  chart.destroy()
  return pictureSvg(drawing, frame, legendOf(config, palette), palette, measure)
}

function nameElements<T extends ChartType, D>(chart: Chart<T, D>, context: SvgContext): void {
  chart.data.datasets.forEach((dataset, set) => {
    const elements = chart.getDatasetMeta(set).data
    ;(dataset.data as ({ readonly label?: string } | null)[]).forEach((datum, i) => {
      const element = elements[i]
      if (datum?.label !== undefined && element !== undefined)
        context.nameAt(element.x, element.y, REACH, datum.label)
    })
  })
}

function legendOf<T extends ChartType, D>(config: ChartConfiguration<T, D>, palette: Palette): LegendEntry[] {
  return config.data.datasets.flatMap((dataset) => {
    const {
      label = '',
      borderColor,
      borderDash = [],
      marker = null,
    } = dataset as {
      readonly label?: string
      readonly borderColor?: unknown
      readonly borderDash?: readonly number[]
      readonly marker?: Marker
    }
    const { colour } = solidOf(typeof borderColor === 'string' ? borderColor : palette.text)
    return label === '' ? [] : [{ label, colour, dash: borderDash, marker }]
  })
}
