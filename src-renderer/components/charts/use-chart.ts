import type { ChartConfiguration, ChartType, DefaultDataPoint } from 'chart.js'
import type { Ref } from 'vue'
import { onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue'
import { REDRAW_MS } from '../../stores/batch-updates.ts'
import { useSettings } from '../../stores/settings.ts'
import type { Palette } from './palette.ts'
import { readPalette } from './palette.ts'
import { Chart } from './register.ts'

/**
 * Keeps a canvas in step with a chart description. Draws at most four times a second, only while visible, again when the theme
 * changes, and frees the chart at the end.
 */
export function useChart<T extends ChartType, D = DefaultDataPoint<T>>(
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
  describe: (palette: Palette) => ChartConfiguration<T, D>,
) {
  const chart = shallowRef<Chart<T, D> | null>(null)
  /** Counts drawings: scales may have changed with each. */
  const drawings = ref(0)
  const settings = useSettings()
  let isVisible = false
  let isStale = true
  let timer = 0
  let last = 0

  function draw(): void {
    timer = 0
    if (!isVisible || canvas.value === null) {
      isStale = true
      return
    }
    isStale = false
    last = performance.now()
    const config = describe(readPalette())
    if (chart.value === null) {
      chart.value = new Chart<T, D>(canvas.value, config)
    } else {
      chart.value.data = config.data
      if (config.options !== undefined) chart.value.options = config.options as never
      chart.value.update('none')
    }
    drawings.value++
  }

  function redraw(): void {
    if (timer === 0) timer = window.setTimeout(draw, Math.max(0, REDRAW_MS - (performance.now() - last)))
  }

  const watcher = new IntersectionObserver(([entry]) => {
    isVisible = entry?.isIntersecting ?? false
    if (isVisible && isStale) draw()
  })

  onMounted(() => canvas.value !== null && watcher.observe(canvas.value))
  watch(() => settings.theme, redraw, { flush: 'post' })
  onBeforeUnmount(() => {
    window.clearTimeout(timer)
    watcher.disconnect()
    chart.value?.destroy()
  })

  return { chart, drawings, redraw }
}
