import { defineStore } from 'pinia'
import { computed, watch } from 'vue'
import type { SeriesStyle } from '../format/series-style.ts'
import { assignSlots, styleOf } from '../format/series-style.ts'
import { useMemory } from './memory.ts'
import { useRuns } from './runs.ts'

const KEY = 'colours'

/** One colour per run, the same in every view and after every start. */
export const useColours = defineStore('colours', () => {
  const runs = useRuns()
  const memory = useMemory()
  const stored = computed(() => memory.read<Record<string, number>>(KEY, {}))
  const slots = computed(() => assignSlots(stored.value, runs.list.map((r) => r.id).reverse()))

  watch([slots, () => memory.isLoaded], ([next, isLoaded]) => {
    if (isLoaded && Object.keys(next).length > Object.keys(stored.value).length) memory.write(KEY, next)
  })

  const style = (id: string): SeriesStyle => styleOf(slots.value[id] ?? 0)
  const choose = (id: string, slot: number): void => memory.write(KEY, { ...slots.value, [id]: slot })

  return { slots, style, choose }
})
