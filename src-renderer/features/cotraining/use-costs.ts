import { onBeforeUnmount, reactive, watch } from 'vue'
import type { Chosen, Setting } from '../../../src-shared/guided/choices.ts'
import { SEEDS } from '../../../src-shared/guided/choices.ts'
import { settingConfig } from '../../../src-shared/guided/cotraining-recipe.ts'
import type { Cost } from '../../ui/use/timed-cost.ts'
import { timedCost } from '../../ui/use/timed-cost.ts'

/** A pause after the last change, so that what is still being chosen is not timed. */
const PAUSE_MS = 1000

/** Settings that take equally long: the shuffled control is trained as the co-trained network is. */
const kindOf = (setting: Setting): Setting => (setting === 'shuffled' ? 'cotrained' : setting)

/**
 * Times a few steps of each kind of setting, one after the other, in processes of their own. Nothing waits for it; answers are kept
 * by the service, so that going back to an earlier choice costs nothing.
 */
export function useCosts(chosen: () => Chosen | null) {
  const costs = reactive(new Map<Setting, Cost>())
  let turn = 0
  let pause: ReturnType<typeof setTimeout> | undefined

  async function time(now: Chosen, own: number): Promise<void> {
    for (const setting of new Set(now.settings.map(kindOf))) {
      costs.set(setting, { kind: 'timing' })
      const cost = await costOf(now, setting)
      if (own !== turn) return
      costs.set(setting, cost)
    }
  }

  watch(
    () => keyOf(chosen()),
    () => {
      const own = ++turn
      clearTimeout(pause)
      costs.clear()
      const now = chosen()
      if (now !== null) pause = setTimeout(() => void time(now, own), PAUSE_MS)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => {
    turn++
    clearTimeout(pause)
  })
  return (setting: Setting): Cost => costs.get(kindOf(setting)) ?? { kind: 'waits' }
}

/** Neither names nor the number of seeds change what a run costs. */
const keyOf = (now: Chosen | null): string =>
  now === null
    ? ''
    : JSON.stringify([...new Set(now.settings.map(kindOf))].map((setting) => settingConfig(now, setting, '')))

const costOf = (now: Chosen, setting: Setting): Promise<Cost> =>
  timedCost({ ...settingConfig(now, setting), seed: SEEDS[0] })
