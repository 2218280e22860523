import { useIntervalFn } from '@vueuse/core'
import type { Ref } from 'vue'
import { ref } from 'vue'

const TICK_MS = 1000

/** The time, once a second, for ages and "no news for". */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(Date.now())
  useIntervalFn(() => (now.value = Date.now()), TICK_MS)
  return now
}
