import type { Ref } from 'vue'
import { shallowRef, watch } from 'vue'

/** Puts the focus on a row of a list of which only the rows in sight are drawn: as soon as the wanted one is. */
export function useRowFocus(scroller: Readonly<Ref<HTMLElement | null>>, drawn: Readonly<Ref<unknown>>) {
  const wanted = shallowRef<{ readonly index: number } | null>(null)

  function focusDrawn(): void {
    const row = scroller.value?.querySelector<HTMLElement>(`tr[data-index="${wanted.value?.index}"]`)
    if (row == null) return
    wanted.value = null
    // A person who went elsewhere meanwhile is not fetched back.
    const { activeElement: now, body } = document
    if (now === null || now === body || scroller.value?.contains(now) === true) row.focus()
  }

  // Browsers tell of a scroll with their next frame, so that rows out of sight are drawn later than others.
  watch([wanted, drawn], focusDrawn, { flush: 'post' })
  return (index: number): void => void (wanted.value = { index })
}
