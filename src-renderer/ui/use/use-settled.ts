import type { Ref } from 'vue'
import { onBeforeUnmount, shallowRef, watch } from 'vue'

/** A value that follows another once it has stood still: a slider asks the service when it rests, not at every pixel. */
export function useSettled<T>(value: () => T, ms = 150): Readonly<Ref<T>> {
  const settled = shallowRef(value()) as Ref<T>
  let timer = 0
  watch(value, (now) => {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => (settled.value = now), ms)
  })
  onBeforeUnmount(() => window.clearTimeout(timer))
  return settled
}
