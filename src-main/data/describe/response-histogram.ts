import type { Result } from '../../../src-shared/contract/contract.ts'

/** Bars where the values do not say themselves how many. */
const BINS = 30
/** Counts up to this range have one bar for each number. */
const MOST_NUMBERS = 60
/** Share of the values at each end that may lie outside the bars. */
const TAIL = 0.005
/** Ends are cut off only where they would make the range this much wider. */
const STRETCH = 3
/** Values from which the ends are estimated. */
const SAMPLE = 20_000

type Histogram = Result<'data.responses'>

/**
 * Histogram of responses that stays readable: one bar per number for counts, else bars of equal width; rare extremes are
 * counted apart where they would press all other values into one bar, and so are infinite ones. Missing is NaN.
 */
export function responseHistogram(values: Float32Array): Histogram {
  const finite = values.filter((value) => Number.isFinite(value))
  const missing = values.filter((value) => Number.isNaN(value)).length
  const count = values.length - missing
  if (finite.length === 0) return { bins: [], count, missing }
  const [low, high] = shownRange(finite)
  const isCounts = high - low < MOST_NUMBERS && finite.every((value) => Number.isInteger(value))
  const bars = isCounts ? high - low + 1 : BINS
  const start = isCounts ? low - 0.5 : low
  const width = isCounts ? 1 : (high > low ? high - low : 1) / BINS
  const counts = new Array<number>(bars).fill(0)
  const beyond = { below: 0, above: 0 }
  for (const value of values) {
    if (Number.isNaN(value)) continue
    if (value < low) beyond.below++
    else if (value > high) beyond.above++
    else {
      const at = Math.min(bars - 1, Math.floor((value - start) / width))
      counts[at] = (counts[at] ?? 0) + 1
    }
  }
  const bins = counts.map((inBar, i) => ({
    low: start + i * width,
    high: start + (i + 1) * width,
    count: inBar,
  }))
  const isCut = beyond.below + beyond.above > 0
  return { bins, count, missing, ...(isCut && { beyond }) }
}

function shownRange(finite: Float32Array): [number, number] {
  let [least, most] = [Infinity, -Infinity]
  for (const value of finite) {
    if (value < least) least = value
    if (value > most) most = value
  }
  const step = Math.ceil(finite.length / SAMPLE)
  const sample = finite.filter((_, i) => i % step === 0).sort()
  const at = (share: number): number => sample[Math.round(share * (sample.length - 1))] ?? 0
  const [low, high] = [at(TAIL), at(1 - TAIL)]
  return most - least > STRETCH * (high - low) && high > low ? [low, high] : [least, most]
}
