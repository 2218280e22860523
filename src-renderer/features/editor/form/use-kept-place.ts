import type { Ref } from 'vue'
import { watch } from 'vue'
import { useEventListener } from '@vueuse/core'

/** Controls of options, whose ids hold their paths; the headings stay at the upper edge and say nothing of the place. */
const PLACES = '.field [id^="field-"]:not([id$="-help"])'

/**
 * Keeps the form where it is scrolled to while the config changes (in the text, by undo): the first option in view is remembered by
 * its path and brought back to where it stood. One that goes with a slip of the text is waited for, until a person moves on.
 */
export function useKeptPlace(form: Readonly<Ref<HTMLElement | null>>, config: () => unknown): void {
  /** `top` is below the upper edge of the form, in pixels. */
  let place: { readonly id: string; readonly top: number } | null = null
  let isAwaited = false
  /** In a narrow window the whole page scrolls. */
  const scrollerOf = (box: HTMLElement): HTMLElement =>
    box.scrollHeight > box.clientHeight + 1 ? box : (box.closest('main') ?? box)
  const topOf = (scroller: HTMLElement, e: Element): number =>
    e.getBoundingClientRect().top - scroller.getBoundingClientRect().top

  function remember(): void {
    if (form.value === null || isAwaited) return
    const scroller = scrollerOf(form.value)
    const first = [...form.value.querySelectorAll(PLACES)].find((e) => topOf(scroller, e) >= 0)
    place =
      first === undefined || scroller.scrollTop === 0 ? null : { id: first.id, top: topOf(scroller, first) }
  }

  function restore(): void {
    if (form.value === null || place === null) return
    const there = document.getElementById(place.id)
    isAwaited = there === null
    if (there === null) return
    const scroller = scrollerOf(form.value)
    scroller.scrollTop += topOf(scroller, there) - place.top
  }

  watch(config, remember, { flush: 'pre' })
  watch(config, restore, { flush: 'post' })
  useEventListener(form, ['wheel', 'pointerdown', 'touchstart', 'keydown'], () => (isAwaited = false), {
    passive: true,
  })
}
