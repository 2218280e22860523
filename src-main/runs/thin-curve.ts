import type { Curve } from '../../src-shared/contract/run.ts'
import type { RunSeries } from '../store/run-series.ts'

export interface CurveRange {
  /** Most points to return. */
  readonly points: number
  /** First and last step wanted. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/**
 * One curve, thinned for drawing: the steps are cut into buckets of equal count and each gives its least and its
 * greatest value in their order, so that no spike is lost; a bucket without a finite value stays a gap. First and last
 * point are always there.
 */
export function thinCurve(id: string, key: string, series: RunSeries, range: CurveRange): Curve {
  const at = series.keys.get(key)
  if (at === undefined) return { ...NOTHING, id, key }
  const { first, end } = window(at.rows, series.step, range)
  const kept = thin(at.value, first, end, range.points)
  const rows = kept.map((i) => at.rows[i] as number)
  const pick = (column: Float64Array): number[] => rows.map((row) => column[row] as number)
  return {
    id,
    key,
    step: pick(series.step),
    epoch: pick(series.epoch),
    images: pick(series.images),
    seconds: pick(series.seconds),
    value: kept.map((i) => finite(at.value[i] as number)),
    total: end - first,
    ...extremes(at.value, first, end),
  }
}

const NOTHING = {
  step: [],
  epoch: [],
  images: [],
  seconds: [],
  value: [],
  total: 0,
  min: null,
  max: null,
  last: null,
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

function window(
  rows: Uint32Array,
  step: Float64Array,
  { from, to }: CurveRange,
): { first: number; end: number } {
  const stepAt = (i: number): number => step[rows[i] as number] as number
  let first = 0
  let end = rows.length
  while (from !== undefined && first < end && stepAt(first) < from) first++
  while (to !== undefined && end > first && stepAt(end - 1) > to) end--
  return { first, end }
}

/** Indices of the kept points, ascending. */
function thin(values: Float64Array, first: number, end: number, points: number): number[] {
  const count = end - first
  if (count <= points) return Array.from({ length: count }, (_, i) => first + i)
  const buckets = Math.max(1, Math.floor((points - 2) / 2))
  const kept = [first]
  const inner = count - 2
  for (let b = 0; b < buckets; b++) {
    const from = first + 1 + Math.floor((b * inner) / buckets)
    const to = first + 1 + Math.floor(((b + 1) * inner) / buckets)
    if (to > from) kept.push(...bucketEnds(values, from, to))
  }
  kept.push(end - 1)
  return kept
}

function bucketEnds(values: Float64Array, from: number, to: number): number[] {
  let low = -1
  let high = -1
  for (let i = from; i < to; i++) {
    const value = values[i] as number
    if (!Number.isFinite(value)) continue
    if (low < 0 || value < (values[low] as number)) low = i
    if (high < 0 || value > (values[high] as number)) high = i
  }
  if (low < 0) return [from] // nothing but gaps
  return low === high ? [low] : low < high ? [low, high] : [high, low]
}

function extremes(values: Float64Array, first: number, end: number) {
  let min = Infinity
  let max = -Infinity
  let last: number | null = null
  for (let i = first; i < end; i++) {
    const value = values[i] as number
    if (!Number.isFinite(value)) continue
    if (value < min) min = value
    if (value > max) max = value
    last = value
  }
  return { min: finite(min), max: finite(max), last }
}
