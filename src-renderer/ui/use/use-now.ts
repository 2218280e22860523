import type { Ref } from 'vue'
import { onBeforeUnmount, ref } from 'vue'

const TICK_MS = 1000

/** The time, once a second, for ages and "no news for". */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(Date.now())
  const timer = window.setInterval(() => (now.value = Date.now()), TICK_MS)
  onBeforeUnmount(() => window.clearInterval(timer))
  return now
}
