import type { Curve, CurvePlace } from '../../../../src-shared/contract/run.ts'
import type { Point, Series } from '../frame/series.ts'

export type XAxis = 'epoch' | 'step' | 'relative' | 'images' | 'time' | 'elapsed'

interface AxisInfo {
  readonly value: XAxis
  readonly label: string
  readonly title: string
  /** Column of a curve that has the places. */
  readonly place: CurvePlace
}

export const X_AXES: readonly AxisInfo[] = [
  { value: 'epoch', label: 'Epoch', title: 'Epoch', place: 'epoch' },
  { value: 'step', label: 'Step', title: 'Optimizer step', place: 'step' },
  { value: 'relative', label: 'Step, relative', title: 'Optimizer steps since the first', place: 'step' },
  { value: 'images', label: 'Images', title: 'Images seen', place: 'images' },
  { value: 'time', label: 'Time of work', title: 'Time of work (s)', place: 'seconds' },
  { value: 'elapsed', label: 'Time with pauses', title: 'Time with pauses (s)', place: 'elapsed' },
]

export const X_TITLES = Object.fromEntries(X_AXES.map((a) => [a.value, a.title])) as Readonly<
  Record<XAxis, string>
>

export const placeOf = (axis: XAxis): CurvePlace => X_AXES.find((a) => a.value === axis)?.place ?? 'step'

/** How the service counts along this axis. */
export const alongOf = (axis: XAxis): CurvePlace | 'relative' =>
  axis === 'relative' ? 'relative' : placeOf(axis)

/** The values of a curve, raw unless others are given, along the chosen axis. */
export function pointsOf(
  curve: Curve,
  axis: XAxis,
  values: readonly (number | null)[] = curve.value,
): Point[] {
  const x = curve[placeOf(axis)]
  const from = axis === 'relative' ? curve.start : 0
  return values.map((y, i) => ({ x: (x[i] ?? 0) - from, y }))
}

/** The line of a curve: its moving average where the service has taken one, with the raw values beneath, and where values were not finite. */
export function curveLine(curve: Curve, axis: XAxis): Pick<Series, 'points' | 'raw' | 'gaps'> {
  const raw = pointsOf(curve, axis)
  const gaps = gapsOf(raw)
  const own = gaps.length === 0 ? {} : { gaps }
  return curve.smooth === undefined
    ? { points: raw, ...own }
    : { points: pointsOf(curve, axis, curve.smooth), raw, ...own }
}

/** Where a line breaks because values were not finite: one point per gap, at the height of the value before it. */
function gapsOf(points: readonly Point[]): Point[] {
  const gaps: Point[] = []
  for (const [i, { x, y }] of points.entries()) {
    if (y !== null || (i > 0 && points[i - 1]?.y === null)) continue
    const before = points[i - 1]?.y ?? points.find((p) => p.y !== null)?.y
    if (before != null) gaps.push({ x, y: before })
  }
  return gaps
}

/** "shown 800 of 120,000": what thinning left out, or an empty text. */
export function thinningNote(curves: readonly Curve[]): string {
  const shown = curves.reduce((n, c) => n + c.value.length, 0)
  const total = curves.reduce((n, c) => n + c.total, 0)
  return shown < total ? `shown ${shown.toLocaleString('en')} of ${total.toLocaleString('en')} points` : ''
}

/** Whether every point is there: looking closer would show nothing more. */
export const isWhole = (curves: readonly Curve[]): boolean => curves.every((c) => c.value.length >= c.total)

/** Whether the curves have places on this axis: the service leaves those empty that it was not asked for. */
export const isAlong = (curves: readonly Curve[], axis: XAxis): boolean =>
  curves.every((c) => c[placeOf(axis)].length >= c.value.length)

/** The parts of a note that say something. */
export const noteOf = (...parts: readonly (string | false)[]): string =>
  parts.filter((part) => part !== '' && part !== false).join('; ')
