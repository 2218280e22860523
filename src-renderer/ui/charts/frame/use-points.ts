import type { ChartType } from 'chart.js'
import type { Ref, ShallowRef } from 'vue'
import { computed, ref, watch } from 'vue'
import type { Chart } from './register.ts'

/** Farther than this from the pointer, in pixels, nothing is meant. */
const REACH = 24

interface Place {
  readonly x: number
  readonly y: number
}

interface Pixel {
  readonly left: number
  readonly top: number
}

/**
 * Which point of a chart is looked at: the one nearest to the pointer, or the next one by arrow keys, from left to right. Shared by the charts
 * that are made of points.
 */
export function usePoints<P extends Place, T extends ChartType, D>(
  chart: Readonly<ShallowRef<Chart<T, D> | null>>,
  drawings: Readonly<Ref<number>>,
  points: () => readonly P[],
  choose: (point: P) => void,
) {
  const at = ref<number | null>(null)
  const found = computed(() => (at.value === null ? null : (points()[at.value] ?? null)))
  // Another point at the same index is not the one that is looked at.
  watch(points, (now, before) => {
    const i = at.value
    if (i !== null && JSON.stringify(now[i]) !== JSON.stringify(before[i])) at.value = null
  })
  const order = computed(() => readingOrder(points()))
  const pixelOf = (point: Place): Pixel => {
    const scales = chart.value?.scales
    return {
      left: scales?.['x']?.getPixelForValue(point.x) ?? 0,
      top: scales?.['y']?.getPixelForValue(point.y) ?? 0,
    }
  }
  const place = computed(() =>
    found.value === null || chart.value === null || drawings.value === 0
      ? null
      : { ...pixelOf(found.value), width: chart.value.width },
  )

  function onMove(event: PointerEvent): void {
    at.value = nearestTo(event, points().map(pixelOf))
  }

  function onKey(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const all = order.value
    if (by !== undefined && all.length > 0) {
      const now = at.value === null ? (by > 0 ? -1 : 0) : all.indexOf(at.value)
      at.value = all[(now + by + all.length) % all.length] ?? null
    } else if (event.key === 'Home') at.value = all[0] ?? null
    else if (event.key === 'End') at.value = all.at(-1) ?? null
    else if (event.key === 'Enter' && found.value !== null) choose(found.value)
    else return
    event.preventDefault()
  }

  const onClick = (): void => {
    if (found.value !== null) choose(found.value)
  }
  const onLeave = (): void => void (at.value = null)
  return {
    at,
    found,
    place,
    on: { pointermove: onMove, pointerleave: onLeave, click: onClick, keydown: onKey, blur: onLeave },
  }
}

/** By keyboard points follow each other along x: the order of the data says nothing to a reader. */
const readingOrder = (points: readonly Place[]): number[] =>
  points
    .map((p, i) => ({ i, x: p.x, y: p.y }))
    .sort((a, b) => a.x - b.x || a.y - b.y)
    .map(({ i }) => i)

function nearestTo(
  { offsetX, offsetY }: Pick<PointerEvent, 'offsetX' | 'offsetY'>,
  pixels: readonly Pixel[],
): number | null {
  let best = REACH
  let nearest: number | null = null
  pixels.forEach(({ left, top }, i) => {
    const away = Math.hypot(left - offsetX, top - offsetY)
    if (away < best) {
      best = away
      nearest = i
    }
  })
  return nearest
}
