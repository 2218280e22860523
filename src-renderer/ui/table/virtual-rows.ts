import type { Rect, Virtualizer } from '@tanstack/vue-virtual'
import { elementScroll } from '@tanstack/vue-virtual'

type Rows = Virtualizer<HTMLElement, Element>

/**
 * Options of a list that draws what is in sight, for one with an `initialRect`. Its size comes with the first layout, and it is scrolled only
 * where it is to stand elsewhere: asking for either while a view is made would lay the page out in between.
 */
export const LAID_OUT_LATER = {
  observeElementRect({ scrollElement }: Rows, tell: (rect: Rect) => void): (() => void) | undefined {
    if (scrollElement === null) return undefined
    const observer = new ResizeObserver(() =>
      tell({ width: scrollElement.clientWidth, height: scrollElement.clientHeight }),
    )
    observer.observe(scrollElement)
    return () => observer.disconnect()
  },
  scrollToFn(offset: number, options: Parameters<typeof elementScroll>[1], rows: Rows): void {
    const to = offset + (options.adjustments ?? 0)
    if (to !== (rows.scrollOffset ?? 0)) elementScroll(offset, options, rows)
  },
}
