import { isSmoothable } from '../../../src-shared/contract/metrics.ts'
import type { Curve, CurvePlace } from '../../../src-shared/contract/run.ts'
import { movingAverage } from '../../../src-shared/util/moving-average.ts'
import type { KeySeries, RunSeries } from '../../store/history/run-series.ts'

export interface CurveRequest {
  /** Most points to return. */
  readonly points: number
  /** First and last place wanted, counted in `along` (`relative`: steps since the first of the curve). */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly along: CurvePlace | 'relative'
  /** Columns wanted; the others come empty. */
  readonly places: readonly CurvePlace[]
  /** Weight of the moving average, 0 for none. */
  readonly smoothing: number
  /** What a bucket gives: its least and greatest value, or its mean. */
  readonly reduce: 'extremes' | 'mean'
}

/**
 * One curve, thinned for drawing: its points are cut into buckets of equal count. Each gives its least and its greatest
 * value in their order, so that no spike is lost, or its mean, which statistics over runs need; a bucket without a
 * finite value stays a gap. First and last point are always there. The moving average is taken before thinning, over
 * all points. null: the run has no such curve.
 */
export function thinCurve(id: string, key: string, series: RunSeries, request: CurveRequest): Curve | null {
  const at = series.keys.get(key)
  if (at === undefined) return null
  const { first, end } = windowOf(at.rows, series, request)
  const weight = isSmoothable(key) ? request.smoothing : 0
  const smooth = weight > 0 ? movingAverage(at.value, weight) : null
  const kept =
    request.reduce === 'mean'
      ? means(at, smooth, first, end, request.points)
      : extremes(at, smooth, first, end, request.points)
  const pick = (place: CurvePlace): number[] =>
    request.places.includes(place) ? kept.rows.map((row) => series[place][row]!) : []
  return {
    id,
    key,
    step: pick('step'),
    epoch: pick('epoch'),
    images: pick('images'),
    seconds: pick('seconds'),
    elapsed: pick('elapsed'),
    value: kept.value,
    ...(kept.smooth === null ? {} : { smooth: kept.smooth }),
    start: startOf(at.rows, series),
    total: end - first,
    ...summary(at.value, first, end),
  }
}

const startOf = (rows: Uint32Array, series: RunSeries): number => series.step[rows[0] ?? 0] ?? 0
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** The points between two places, which grow along a run; one more on either side, so that the line goes on to the edge of the image. */
function windowOf(
  rows: Uint32Array,
  series: RunSeries,
  { from, to, along }: CurveRequest,
): { first: number; end: number } {
  const place = series[along === 'relative' ? 'step' : along]
  const shift = along === 'relative' ? startOf(rows, series) : 0
  const placeAt = (i: number): number => place[rows[i]!]! - shift
  const last = rows.length - 1
  const first =
    from === undefined ? 0 : Math.min(last, Math.max(0, below(last + 1, (i) => placeAt(i) < from) - 1))
  const within = to === undefined ? last : below(last + 1, (i) => placeAt(i) <= to)
  return { first, end: Math.max(first, Math.min(last, within)) + 1 }
}

/** How many of the first `count` numbers pass a test that none passes after one that does not. */
function below(count: number, passes: (i: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (passes(middle)) low = middle + 1
    else high = middle
  }
  return low
}

interface Kept {
  readonly rows: readonly number[]
  readonly value: (number | null)[]
  readonly smooth: (number | null)[] | null
}

/** Bounds [from, to) of the buckets between the first and the last point. */
function* buckets(first: number, end: number, count: number): Generator<readonly [number, number]> {
  const inner = end - first - 2
  for (let b = 0; b < count; b++) {
    const from = first + 1 + Math.floor((b * inner) / count)
    const to = first + 1 + Math.floor(((b + 1) * inner) / count)
    if (to > from) yield [from, to]
  }
}

function extremes(
  { rows, value }: KeySeries,
  smooth: Float64Array | null,
  first: number,
  end: number,
  points: number,
): Kept {
  const kept: number[] = []
  if (end - first <= points) for (let i = first; i < end; i++) kept.push(i)
  else {
    kept.push(first)
    for (const [from, to] of buckets(first, end, Math.max(1, Math.floor((points - 2) / 2))))
      kept.push(...bucketEnds(value, from, to))
    kept.push(end - 1)
  }
  return {
    rows: kept.map((i) => rows[i]!),
    value: kept.map((i) => finite(value[i]!)),
    smooth: smooth === null ? null : kept.map((i) => finite(smooth[i]!)),
  }
}

function bucketEnds(values: Float64Array, from: number, to: number): number[] {
  let low = -1
  let high = -1
  for (let i = from; i < to; i++) {
    const value = values[i]!
    if (!Number.isFinite(value)) continue
    if (low < 0 || value < values[low]!) low = i
    if (high < 0 || value > values[high]!) high = i
  }
  if (low < 0) return [from] // nothing but gaps
  return low === high ? [low] : low < high ? [low, high] : [high, low]
}

function means(at: KeySeries, smooth: Float64Array | null, first: number, end: number, points: number): Kept {
  if (end - first <= points) return extremes(at, smooth, first, end, points)
  const bounds = [
    [first, first + 1],
    ...buckets(first, end, Math.max(1, points - 2)),
    [end - 1, end],
  ] as const
  return {
    // The point in the middle says where the bucket lies.
    rows: bounds.map(([from, to]) => at.rows[(from + to - 1) >> 1]!),
    value: bounds.map(([from, to]) => meanOf(at.value, from, to)),
    smooth: smooth === null ? null : bounds.map(([from, to]) => meanOf(smooth, from, to)),
  }
}

function meanOf(values: Float64Array, from: number, to: number): number | null {
  let sum = 0
  let n = 0
  for (let i = from; i < to; i++) {
    const value = values[i]!
    if (!Number.isFinite(value)) continue
    sum += value
    n++
  }
  return n === 0 ? null : sum / n
}

function summary(values: Float64Array, first: number, end: number) {
  let min = Infinity
  let max = -Infinity
  let last: number | null = null
  for (let i = first; i < end; i++) {
    const value = values[i]!
    if (!Number.isFinite(value)) continue
    if (value < min) min = value
    if (value > max) max = value
    last = value
  }
  return { min: finite(min), max: finite(max), last }
}
