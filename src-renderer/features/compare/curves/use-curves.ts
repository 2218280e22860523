import type { Ref } from 'vue'
import { computed } from 'vue'
import type { ParamsIn } from '../../../../src-shared/contract/contract.ts'
import type { Curve } from '../../../../src-shared/contract/run.ts'
import type { XAxis } from '../../../ui/charts/line/curve-series.ts'
import { alongOf, isAlong, isWhole, placeOf } from '../../../ui/charts/line/curve-series.ts'
import { call } from '../../../api/client.ts'
import type { Called } from '../../../ui/use/use-call.ts'
import { useCall } from '../../../ui/use/use-call.ts'
import { useSettled } from '../../../ui/use/use-settled.ts'

/** Beyond any log: files get every point. */
const EVERY_POINT = 2_000_000

export interface CurveWish {
  readonly ids: readonly string[]
  readonly keys: readonly string[]
  readonly axis: XAxis
  readonly smoothing: number
  /** Most points of a curve on the screen. */
  readonly points: number
  readonly reduce: 'extremes' | 'mean'
}

/**
 * Curves for drawing, with the points that the shown range deserves: coarse ones of the whole at first, finer ones of a part that is
 * looked at closely. `every` fetches all points, for files.
 */
export function useCurves(
  wish: () => CurveWish | null,
  range: () => readonly [number, number] | null,
): {
  readonly curves: Readonly<Ref<readonly Curve[] | null>>
  readonly problems: Called<unknown>['problems']
  every(): Promise<readonly Curve[]>
} {
  const whole = useCall('runs.curves', () => paramsOf(wish()))
  const shown = useSettled(range)
  const isThinned = computed(() => whole.data.value !== null && !isWhole(whole.data.value))
  const part = useCall('runs.curves', () => {
    const params = paramsOf(wish())
    if (params === null || shown.value === null || !isThinned.value) return null
    return { ...params, from: shown.value[0], to: shown.value[1] }
  })
  const current = computed(() => {
    const axis = wish()?.axis
    const now = range()
    // A part of an earlier range must not stand for another one, nor curves along an earlier axis.
    const fine = now !== null && covers(shown.value, now) ? part.data.value : null
    return axis === undefined
      ? null
      : ([fine, whole.data.value].find((c) => c !== null && isAlong(c, axis)) ?? null)
  })
  return {
    curves: current,
    problems: whole.problems,
    every: async () => {
      const params = paramsOf(wish())
      return params === null
        ? []
        : call('runs.curves', { ...params, points: EVERY_POINT, reduce: 'extremes' })
    },
  }
}

const covers = (range: readonly [number, number] | null, part: readonly [number, number]): boolean =>
  range !== null && range[0] <= part[0] && range[1] >= part[1]

function paramsOf(wish: CurveWish | null): ParamsIn<'runs.curves'> | null {
  if (wish === null || wish.ids.length === 0 || wish.keys.length === 0) return null
  const { axis, smoothing, points, reduce } = wish
  return {
    ids: [...wish.ids],
    keys: [...wish.keys],
    along: alongOf(axis),
    places: [placeOf(axis)],
    smoothing,
    points,
    reduce,
  }
}
