import type { ChartOptions } from 'chart.js'

/** What every chart has: it fills its frame, nothing moves, and the frame hears the pointer. */
export const BASE_OPTIONS = {
  animation: false,
  responsive: true,
  maintainAspectRatio: false,
  events: [],
} satisfies ChartOptions
