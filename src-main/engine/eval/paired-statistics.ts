import type { Rng } from '../../../src-shared/util/rng.ts'
import { mean } from './measures/moments.ts'

/** A mean difference with its bootstrap interval. */
export interface BootstrapInterval {
  readonly mean: number
  readonly low: number
  readonly high: number
}

export interface BootstrapOptions {
  /** Resamples; the ends of a 95 % interval settle to about two digits. */
  readonly resamples?: number
  readonly level?: number
}

const RESAMPLES = 2000
const LEVEL = 0.95

/**
 * Percentile bootstrap of the mean paired difference. `differences` holds one row per seed with one number per neuron
 * (the same neurons in every row); seeds and neurons are drawn with replacement, so both sources of chance count. NaN
 * entries are left out. One seed or one number per seed are fine: then only the other is drawn.
 */
export function pairedBootstrap(
  differences: readonly ArrayLike<number>[],
  rng: Rng,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const { resamples = RESAMPLES, level = LEVEL } = options
  const neurons = differences[0]?.length ?? 0
  const everything = differences.flatMap((row) => Array.from(row)).filter((value) => !Number.isNaN(value))
  const draws = Float64Array.from({ length: resamples }, () => {
    const columns = Uint32Array.from({ length: neurons }, () => rng.int(neurons))
    const rows = differences.map(() => differences[rng.int(differences.length)]!)
    return meanOf(rows, columns)
  })
  const sorted = draws.filter((value) => !Number.isNaN(value)).sort()
  const tail = (1 - level) / 2
  return { mean: mean(everything), low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) }
}

function meanOf(rows: readonly ArrayLike<number>[], columns: Uint32Array): number {
  let sum = 0
  let count = 0
  for (const row of rows) {
    for (const column of columns) {
      const value = row[column]!
      if (Number.isNaN(value)) continue
      sum += value
      count++
    }
  }
  return sum / count
}

/** Quantile of sorted numbers with linear interpolation; NaN for none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1)
  const [below, above] = [Math.floor(at), Math.ceil(at)]
  const [low, high] = [sorted[below] ?? NaN, sorted[above] ?? NaN]
  return low + (high - low) * (at - below)
}
