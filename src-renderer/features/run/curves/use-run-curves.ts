import type { Ref } from 'vue'
import { onBeforeUnmount, shallowRef, watch } from 'vue'
import type { EventPayload } from '../../../../src-shared/contract/contract.ts'
import type { Curve } from '../../../../src-shared/contract/run.ts'
import { call, listen } from '../../../api/client.ts'
import type { XAxis } from '../../../ui/charts/line/curve-series.ts'
import { alongOf } from '../../../ui/charts/line/curve-series.ts'
import { MOST_POINTS, appendMetrics } from './append-metrics.ts'
import { batchUpdates } from '../../../stores/batch-updates.ts'
import { useToasts } from '../../../stores/toasts.ts'

const POINTS = 800
/** The most that one call may ask for. */
const MOST_KEYS = 200
const EVERY_POINT = 2_000_000

export interface RunCurvesWish {
  readonly id: string
  readonly keys: () => readonly string[]
  readonly status: () => string
  /** Settled values: each change is asked of the service. */
  readonly smoothing: () => number
  readonly range: () => readonly [number, number] | null
  readonly axis: () => XAxis
}

type Curves = ReadonlyMap<string, Curve>

/**
 * The curves of one run by metric key: loaded at first, again whenever the run changes its status, and for a part of the axis with its
 * finer points; continued by the run's news between.
 */
export function useRunCurves({ id, keys, status, smoothing, range, axis }: RunCurvesWish): {
  readonly curves: Readonly<Ref<Curves>>
  readonly isLoaded: Readonly<Ref<boolean>>
  /** These curves with every point, for files. */
  every(wanted: readonly string[]): Promise<Curves>
} {
  const curves = shallowRef<Curves>(new Map())
  const isLoaded = shallowRef(false)
  const toasts = useToasts()
  let asked = 0

  const fetch = async (wanted: readonly string[], points: number, part: readonly [number, number] | null) => {
    const shown = part === null ? {} : { from: part[0], to: part[1], along: alongOf(axis()) }
    const answer = await call('runs.curves', {
      ids: [id],
      keys: wanted.slice(0, MOST_KEYS),
      points,
      smoothing: smoothing(),
      ...shown,
    })
    return new Map(answer.map((c) => [c.key, c]))
  }
  async function load(): Promise<void> {
    const turn = ++asked
    if (keys().length === 0) return
    try {
      const answer = await fetch(keys(), POINTS, range())
      if (turn !== asked) return
      curves.value = answer
      isLoaded.value = true
    } catch (error) {
      if (turn === asked) toasts.fail(error, { label: 'Try again', run: () => void load() })
    }
  }

  const stop = listen(
    'run.metrics',
    batchUpdates<EventPayload<'run.metrics'>>((news) => {
      // A part that is looked at closely does not grow.
      if (range() !== null || !news.some((n) => n.id === id)) return
      curves.value = appendMetrics(curves.value, id, news, smoothing())
      if ([...curves.value.values()].some((c) => c.value.length > MOST_POINTS)) void load()
    }),
  )
  onBeforeUnmount(stop)
  watch(
    () => JSON.stringify([status(), smoothing(), range(), range() === null ? '' : axis(), keys()]),
    () => void load(),
    { immediate: true },
  )
  return { curves, isLoaded, every: (wanted) => fetch(wanted, EVERY_POINT, null) }
}
