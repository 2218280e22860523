import type { Ref } from 'vue'
import { onBeforeUnmount, onMounted, ref } from 'vue'

/** Whether an element has come into view, or nearly; once seen it stays so. */
export function useSeen(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<boolean>> {
  const isSeen = ref(false)
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some((e) => e.isIntersecting)) return
      isSeen.value = true
      watcher.disconnect()
    },
    { rootMargin: '200px' },
  )
  onMounted(() => element.value !== null && watcher.observe(element.value))
  onBeforeUnmount(() => watcher.disconnect())
  return isSeen
}
