import type { EventPayload } from '../../../../src-shared/contract/contract.ts'
import { isSmoothable } from '../../../../src-shared/contract/metrics.ts'
import type { Curve } from '../../../../src-shared/contract/run.ts'

type News = EventPayload<'run.metrics'>

/** Beyond this many points a live curve is thinned by asking the service again. */
export const MOST_POINTS = 4000

const EMPTY = {
  step: [],
  epoch: [],
  images: [],
  seconds: [],
  elapsed: [],
  value: [],
  total: 0,
  min: null,
  max: null,
  last: null,
}

/**
 * Curves with live values added at their end. Images, times and the moving average are continued at the pace of the curve's last points,
 * until the next full load brings the recorded ones. Values at steps already there are repeats and are left out.
 */
export function appendMetrics(
  curves: ReadonlyMap<string, Curve>,
  id: string,
  news: readonly News[],
  smoothing = 0,
): ReadonlyMap<string, Curve> {
  const next = new Map(curves)
  for (const item of news) {
    if (item.id !== id) continue
    for (const [key, value] of Object.entries(item.values)) {
      const weight = isSmoothable(key) ? smoothing : 0
      const old = next.get(key) ?? {
        ...EMPTY,
        id,
        key,
        start: item.step,
        ...(weight > 0 ? { smooth: [] } : {}),
      }
      if ((old.step.at(-1) ?? -1) < item.step) next.set(key, appended(old, item, value, weight))
    }
  }
  return next
}

function appended(curve: Curve, { step, epoch }: News, value: number | null, weight: number): Curve {
  const { smooth } = curve
  return {
    ...curve,
    step: [...curve.step, step],
    epoch: [...curve.epoch, epoch],
    images: [...curve.images, continued(curve.step, curve.images, step)],
    seconds: [...curve.seconds, continued(curve.step, curve.seconds, step)],
    elapsed: [...curve.elapsed, continued(curve.step, curve.elapsed, step)],
    value: [...curve.value, value],
    ...(smooth === undefined ? {} : { smooth: [...smooth, averaged(smooth, value, weight)] }),
    total: curve.total + 1,
    last: value,
  }
}

function averaged(before: readonly (number | null)[], value: number | null, weight: number): number | null {
  if (value === null) return null
  const last = before.findLast((v) => v !== null) ?? value
  return weight * last + (1 - weight) * value
}

function continued(steps: readonly number[], values: readonly number[], step: number): number {
  const lastStep = steps.at(-1) ?? 0
  return lastStep === 0 ? (values.at(-1) ?? 0) : ((values.at(-1) ?? 0) / lastStep) * step
}
