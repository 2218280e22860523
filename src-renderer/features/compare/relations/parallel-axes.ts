import { formatTick } from '../../../format/number.ts'
import type { ChartTable } from '../../../ui/charts/frame/chart-table.ts'
import { niceTicks } from '../../../ui/charts/frame/nice-ticks.ts'
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

/** Ticks along an axis: its words, or round numbers between its ends. */
export function ticksOf(axis: ParallelAxis): { readonly position: number; readonly text: string }[] {
  const { names, values } = axis.quantity
  if (names !== null) {
    const used = [...new Set(values.filter((v): v is number => v !== null))]
    return used.map((v) => ({ position: positionOf(axis, v), text: names[v] ?? '' }))
  }
  const round = niceTicks([axis.low, axis.high], TICKS, axis.isLog)
  const isLone = axis.low === axis.high && !Number.isInteger(axis.low)
  const text = (v: number): string => formatTick(isLone ? Number(v.toPrecision(LONE_DIGITS)) : v)
  return round.map((v) => ({ position: positionOf(axis, v), text: text(v) }))
}

const TICKS = 5
/** A value alone on its axis is no round number. */
const LONE_DIGITS = 4

/** Room around the axes and size of a drawing, in pixels. */
export interface ParallelFrame {
  readonly width: number
  readonly height: number
  readonly top: number
  readonly bottom: number
  readonly side: number
}

export const axisX = (frame: ParallelFrame, count: number, i: number): number =>
  frame.side +
  (count < 2 ? (frame.width - 2 * frame.side) / 2 : (i * (frame.width - 2 * frame.side)) / (count - 1))

export const placeY = (frame: ParallelFrame, position: number): number =>
  frame.height - frame.bottom - position * (frame.height - frame.top - frame.bottom)

/** The path of a run through all axes. A missing value lifts the pen; a value between two gaps is a short dash on its axis. */
export function pathOf(frame: ParallelFrame, axes: readonly ParallelAxis[], index: number): string {
  let isDown = false
  return axes
    .map((axis, k) => {
      const value = axis.quantity.values[index] ?? null
      if (value === null) {
        isDown = false
        return ''
      }
      const at = `${axisX(frame, axes.length, k).toFixed(1)} ${placeY(frame, positionOf(axis, value)).toFixed(1)}`
      const isLone = !isDown && (axes[k + 1]?.quantity.values[index] ?? null) === null
      const command = isDown ? `L${at}` : `M${at}`
      isDown = true
      return isLone ? `${command}m-3 0h6` : command
    })
    .join('')
}

/** What stands behind the lines: one row each, words as words. */
export const parallelTable = (
  axes: readonly ParallelAxis[],
  lines: readonly { readonly label: string }[],
  what = 'Run',
): ChartTable => ({
  head: [what, ...axes.map((a) => a.quantity.label)],
  rows: lines.map((line, i) => [
    line.label,
    ...axes.map(({ quantity }) => {
      const value = quantity.values[i] ?? null
      return value === null || quantity.names === null ? value : (quantity.names[value] ?? '')
    }),
  ]),
})
