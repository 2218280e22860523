import { defineStore } from 'pinia'
import { computed, watch } from 'vue'
import type { RunSummary } from '../../src-shared/contract/run.ts'
import type { SeriesStyle } from '../format/series-style.ts'
import { assignSlots, chosenSlots, slotOfHue, styleOf } from '../format/series-style.ts'
import { useMemory } from './memory.ts'
import { useRuns } from './runs.ts'

type Slots = Readonly<Record<string, number>>

/** Slots by setting. */
const KEY = 'styles'
/** Slots by run, as they were kept before; only what a person chose is taken over. */
const BY_RUN = 'colours'
const NONE: Slots = {}

/** What cannot be read belongs to no setting: it stands for itself. */
const settingOf = (run: RunSummary): string => (run.groupId === '' ? run.id : run.groupId)

/** One style per setting (equal options, any seed), the same in every view and after every start. */
export const useColours = defineStore('colours', () => {
  const runs = useRuns()
  const memory = useMemory()
  const kept = computed(() => memory.read(KEY, NONE))
  const chosenByRun = computed<Slots>(() => {
    const slots: Record<string, number> = {}
    for (const [id, hue] of Object.entries(chosenSlots(memory.read(BY_RUN, NONE)))) {
      const run = runs.byId.get(id)
      if (run !== undefined) slots[settingOf(run)] ??= slotOfHue(hue, Object.values(slots))
    }
    return slots
  })
  const slots = computed<Slots>(() =>
    assignSlots(KEY in memory.values ? kept.value : chosenByRun.value, runs.list.map(settingOf).reverse()),
  )

  watch([slots, () => memory.isLoaded], ([next, isLoaded]) => {
    if (isLoaded && Object.keys(next).length > Object.keys(kept.value).length) memory.write(KEY, next)
  })

  /** The setting of a run; any other id is that of a setting. */
  const settingIdOf = (id: string): string => {
    const run = runs.byId.get(id)
    return run === undefined ? id : settingOf(run)
  }
  /** The style of a setting, also by one of its runs. */
  const style = (id: string): SeriesStyle => styleOf(slots.value[settingIdOf(id)] ?? 0)
  /** Gives the setting of a run another hue; dash and marker follow where another setting has that hue. */
  const choose = (id: string, hue: number): void => {
    const setting = settingIdOf(id)
    const others = Object.entries(slots.value).flatMap(([other, slot]) => (other === setting ? [] : [slot]))
    memory.write(KEY, { ...slots.value, [setting]: slotOfHue(hue, others) })
  }

  return { slots, style, choose }
})
