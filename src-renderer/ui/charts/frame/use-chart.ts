import type { ChartConfiguration, ChartType, DefaultDataPoint, Plugin } from 'chart.js'
import zoom from 'chartjs-plugin-zoom'
import type { Ref } from 'vue'
import { onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue'
import { REDRAW_MS } from '../../../stores/batch-updates.ts'
import { useSettings } from '../../../stores/settings.ts'
import { drawInTurn, drawNext, drawNoMore } from './draw-queue.ts'
import type { Palette } from './palette.ts'
import { readPalette } from './palette.ts'
import { Chart } from './register.ts'

// Here and not with the others: it needs a window, and pictures in files do not zoom.
Chart.register(zoom)

/**
 * Keeps a canvas in step with a chart description. Draws at most four times a second, in turn with other charts, only while visible, again when the
 * theme changes, and frees the chart at the end.
 */
export function useChart<T extends ChartType, D = DefaultDataPoint<T>>(
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
  describe: (palette: Palette) => ChartConfiguration<T, D>,
) {
  const chart = shallowRef<Chart<T, D> | null>(null)
  /** Counts drawings: scales may have changed with each. */
  const drawings = ref(0)
  const later = paintsLater(drawings)
  const settings = useSettings()
  let isVisible = false
  let isStale = true
  let timer = 0
  let last = 0

  function draw(): void {
    if (!isVisible || canvas.value === null) {
      isStale = true
      return
    }
    isStale = false
    last = performance.now()
    const config = describe(readPalette())
    if (chart.value === null) chart.value = new Chart<T, D>(canvas.value, withPlugin(config, later))
    else show(chart.value, config)
    drawings.value++
  }

  function redraw(): void {
    if (timer !== 0) return
    timer = window.setTimeout(
      () => {
        timer = 0
        drawInTurn(draw)
      },
      Math.max(0, REDRAW_MS - (performance.now() - last)),
    )
  }

  const watcher = new IntersectionObserver(([entry]) => {
    isVisible = entry?.isIntersecting ?? false
    if (isVisible && isStale) drawInTurn(draw)
  })

  /** A chart that is empty or shown as a table has no canvas for a while. */
  function follow(now: HTMLCanvasElement | null): void {
    watcher.disconnect()
    chart.value?.destroy()
    chart.value = null
    isVisible = false
    isStale = true
    if (now !== null) watcher.observe(now)
  }

  onMounted(() => follow(canvas.value))
  watch(canvas, follow, { flush: 'post' })
  watch(() => settings.theme, redraw, { flush: 'post' })
  onBeforeUnmount(() => {
    window.clearTimeout(timer)
    drawNoMore(draw)
    watcher.disconnect()
    chart.value?.destroy()
  })

  return { chart, drawings, redraw }
}

function show<T extends ChartType, D>(chart: Chart<T, D>, config: ChartConfiguration<T, D>): void {
  chart.data = config.data
  if (config.options !== undefined) chart.options = config.options as never
  chart.update('none')
}

/** Leaves painting to a frame after the one in which a chart is worked out: fifty lines take too long for both in one. */
function paintsLater(drawings: Readonly<Ref<number>>): Plugin {
  let made: { draw(): void; readonly canvas: HTMLCanvasElement } | null = null
  const paint = (): void => {
    if (made === null) return
    made.draw()
    made.canvas.dataset['drawn'] = String(drawings.value)
  }
  return {
    id: 'paint-later',
    beforeRender: (chart) => {
      made = chart
      drawNext(paint)
      return false
    },
    afterDestroy: () => void (made = null),
  }
}

const withPlugin = <T extends ChartType, D>(
  config: ChartConfiguration<T, D>,
  plugin: Plugin,
): ChartConfiguration<T, D> => ({ ...config, plugins: [...(config.plugins ?? []), plugin as Plugin<T>] })
