import type { Curve } from '../../../src-shared/contract/run.ts'
import type { Point } from './series.ts'
import { smooth } from './smoothing.ts'

export type XAxis = 'step' | 'epoch' | 'images' | 'time'

export const X_AXES: readonly { readonly value: XAxis; readonly label: string }[] = [
  { value: 'epoch', label: 'Epoch' },
  { value: 'step', label: 'Step' },
  { value: 'images', label: 'Images' },
  { value: 'time', label: 'Time' },
]

export const X_TITLES: Readonly<Record<XAxis, string>> = {
  epoch: 'Epoch',
  step: 'Optimizer step',
  images: 'Images seen',
  time: 'Time of work (s)',
}

const columnOf = (curve: Curve, axis: XAxis): readonly number[] =>
  axis === 'time'
    ? curve.seconds
    : axis === 'images'
      ? curve.images
      : axis === 'epoch'
        ? curve.epoch
        : curve.step

/** The points of a curve along the chosen axis. */
export function pointsOf(curve: Curve, axis: XAxis): Point[] {
  const x = columnOf(curve, axis)
  return curve.value.map((y, i) => ({ x: x[i] ?? 0, y }))
}

/** Measures that a filter would falsify: settings, counters and final scores. */
const NEVER_SMOOTHED = /^(LR$|Validation\/patience|Final)|\/(log_w|loss_weight)$/

/** Raw and smoothed points; the raw ones are absent where nothing was smoothed. */
export function smoothedPoints(
  curve: Curve,
  axis: XAxis,
  weight: number,
): { points: Point[]; raw?: Point[] } {
  const raw = pointsOf(curve, axis)
  if (weight <= 0 || NEVER_SMOOTHED.test(curve.key)) return { points: raw }
  const values = smooth(curve.value, weight)
  return { points: raw.map((p, i) => ({ x: p.x, y: values[i] ?? null })), raw }
}

/** "shown 800 of 120 000": what thinning left out, or an empty text. */
export function thinningNote(curves: readonly Curve[]): string {
  const shown = curves.reduce((n, c) => n + c.value.length, 0)
  const total = curves.reduce((n, c) => n + c.total, 0)
  return shown < total
    ? `${shown.toLocaleString('en')} of ${total.toLocaleString('en')} points drawn, extremes kept`
    : ''
}
