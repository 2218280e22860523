import { onBeforeUnmount, reactive, watch } from 'vue'
import { call } from '../../api/client.ts'
import { problemsIn } from '../../api/transport.ts'
import type { Chosen, Setting } from '../../../src-shared/guided/choices.ts'
import { SEEDS } from '../../../src-shared/guided/choices.ts'
import { settingConfig } from '../../../src-shared/guided/cotraining-recipe.ts'

/** What one run of a setting costs on this machine. */
export type Cost =
  | { readonly kind: 'waits' }
  | { readonly kind: 'timing' }
  | { readonly kind: 'timed'; readonly seconds: number; readonly workingRuns: number }
  | { readonly kind: 'not-timed'; readonly why: string }

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

async function costOf(now: Chosen, setting: Setting): Promise<Cost> {
  try {
    const config = { ...settingConfig(now, setting), seed: SEEDS[0] }
    const { seconds, problems, workingRuns } = await call('config.warmUp', { config })
    if (seconds === null) return { kind: 'not-timed', why: problems[0]?.message ?? 'no step was done.' }
    return { kind: 'timed', seconds: seconds.total, workingRuns }
  } catch (error) {
    return { kind: 'not-timed', why: problemsIn(error)[0]?.message ?? String(error) }
  }
}
