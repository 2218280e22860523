import type { Ref } from 'vue'
import { onBeforeUnmount, shallowRef, watch } from 'vue'
import type { EventPayload } from '../../src-shared/contract/contract.ts'
import type { Curve } from '../../src-shared/contract/run.ts'
import { call, listen } from '../api/client.ts'
import { MOST_POINTS, appendMetrics } from '../components/run/append-metrics.ts'
import { batchUpdates } from '../stores/batch-updates.ts'
import { useToasts } from '../stores/toasts.ts'

const POINTS = 1200

/** The curves of one run by metric key: loaded at first and whenever the run changes its status, continued by the run's news between. */
export function useRunCurves(
  id: string,
  keys: () => readonly string[],
  status: () => string,
): { curves: Readonly<Ref<ReadonlyMap<string, Curve>>>; isLoaded: Readonly<Ref<boolean>> } {
  const curves = shallowRef<ReadonlyMap<string, Curve>>(new Map())
  const isLoaded = shallowRef(false)
  const toasts = useToasts()

  async function load(): Promise<void> {
    if (keys().length === 0) return
    try {
      const answer = await call('runs.curves', { ids: [id], keys: [...keys()].slice(0, 200), points: POINTS })
      curves.value = new Map(answer.map((c) => [c.key, c]))
      isLoaded.value = true
    } catch (error) {
      toasts.fail(error, { label: 'Try again', run: () => void load() })
    }
  }

  const stop = listen(
    'run.metrics',
    batchUpdates<EventPayload<'run.metrics'>>((news) => {
      if (!news.some((n) => n.id === id)) return
      curves.value = appendMetrics(curves.value, id, news)
      if ([...curves.value.values()].some((c) => c.value.length > MOST_POINTS)) void load()
    }),
  )
  onBeforeUnmount(stop)
  watch(() => `${status()} ${keys().join()}`, load, { immediate: true })
  return { curves, isLoaded }
}
