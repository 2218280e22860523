import type { Quantity } from './quantities.ts'

/** A chosen part of an axis, in its values. */
export type Brush = readonly [number, number]

export interface ParallelAxis {
  readonly quantity: Quantity
  readonly low: number
  readonly high: number
  readonly isLog: boolean
  readonly isFlipped: boolean
}

/** More axes than these cannot be read. */
export const MOST_AXES = 12

export function axisOf(quantity: Quantity, isLog: boolean, isFlipped: boolean): ParallelAxis {
  const values = quantity.values.filter((v): v is number => v !== null && Number.isFinite(v))
  const low = values.reduce((a, b) => Math.min(a, b), Infinity)
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity)
  return {
    quantity,
    low: Number.isFinite(low) ? low : 0,
    high: Number.isFinite(high) ? high : 1,
    isLog,
    isFlipped,
  }
}

/** Place on an axis, 0 at the bottom to 1 at the top; a single value stands in the middle. */
export function positionOf(axis: ParallelAxis, value: number): number {
  const f = axis.isLog ? Math.log10 : (v: number) => v
  const t = axis.high > axis.low ? (f(value) - f(axis.low)) / (f(axis.high) - f(axis.low)) : 0.5
  return axis.isFlipped ? 1 - t : t
}

/** The value at a place of an axis. */
export function valueAtPosition(axis: ParallelAxis, position: number): number {
  const t = axis.isFlipped ? 1 - position : position
  if (axis.isLog) return 10 ** (Math.log10(axis.low) + t * (Math.log10(axis.high) - Math.log10(axis.low)))
  return axis.low + t * (axis.high - axis.low)
}

/** Whether a run lies within every brush; a run without a value fails a brushed axis. */
export function isWithin(
  index: number,
  axes: readonly ParallelAxis[],
  brushes: Readonly<Record<string, Brush>>,
): boolean {
  return axes.every((axis) => {
    const brush = brushes[axis.quantity.id]
    if (brush === undefined) return true
    const value = axis.quantity.values[index] ?? null
    return value !== null && value >= brush[0] && value <= brush[1]
  })
}
