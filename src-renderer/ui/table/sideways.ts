import type { Directive } from 'vue'

const watched = new WeakMap<HTMLElement, ResizeObserver>()

function mark(box: HTMLElement): void {
  box.toggleAttribute('data-before', box.scrollLeft > 1)
  box.toggleAttribute('data-after', box.scrollLeft + box.clientWidth < box.scrollWidth - 1)
}
const onScroll = ({ currentTarget }: Event): void => {
  if (currentTarget instanceof HTMLElement) mark(currentTarget)
}

/** Cells that stay: those of the start and of the end. */
const AT_START = '.check, .first, .pin-start'
const AT_END = '.pin-end'

/** Brings the cell with the focus out from under the columns that stay. */
function uncover({ currentTarget: box, target }: FocusEvent): void {
  const cell = target instanceof Element ? target.closest('th, td') : null
  if (!(box instanceof HTMLElement) || cell === null || cell.matches(`${AT_START}, ${AT_END}`)) return
  const cells = [...(cell.parentElement?.children ?? [])]
  const edge = box.getBoundingClientRect().left
  const { left, right } = cell.getBoundingClientRect()
  const rects = (kind: string) => cells.filter((c) => c.matches(kind)).map((c) => c.getBoundingClientRect())
  const from = Math.max(edge, ...rects(AT_START).map((r) => r.right))
  const to = Math.min(edge + box.clientWidth, ...rects(AT_END).map((r) => r.left))
  if (left < from) box.scrollLeft += left - from
  else if (right > to) box.scrollLeft += Math.min(right - to, left - from)
}

/**
 * `v-sideways`: a box of class `sideways` shows at its edges that a table goes on there. It carries `data-before` and `data-after`
 * while something lies beyond the edge.
 */
export const vSideways: Directive<HTMLElement> = {
  mounted: (box) => {
    // It tells the first size too, once the page is laid out: asking for it here would lay it out once more.
    const observer = new ResizeObserver(() => mark(box))
    for (const e of [box, ...box.children]) observer.observe(e)
    watched.set(box, observer)
    box.addEventListener('scroll', onScroll, { passive: true })
    box.addEventListener('focusin', uncover)
  },
  unmounted: (box) => {
    watched.get(box)?.disconnect()
    box.removeEventListener('scroll', onScroll)
    box.removeEventListener('focusin', uncover)
  },
}
