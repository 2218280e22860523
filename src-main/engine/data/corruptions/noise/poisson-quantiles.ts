import { UNIT_OF_BYTE } from '../base/bytes.ts'

/** Poisson counts by inverting the distribution function, one table per byte value. */
export interface PoissonQuantiles {
  /** Smallest k with P(count <= k) > u, for mean photons * byte / 255. */
  count(byte: number, u: number): number
}

/** Cells of [0, 1) per table; the search starts at the first count of its cell, so it takes about one step. */
const CELLS = 256

interface Table {
  readonly cumulative: Float64Array
  readonly firstOfCell: Uint16Array
}

/** P(count <= k) for k = 0.. until nothing is left in double precision. */
function cumulativeOf(mean: number): Float64Array {
  const sums: number[] = []
  let probability = Math.exp(-mean)
  let sum = probability
  for (let k = 0; ; k++) {
    sums.push(sum)
    probability *= mean / (k + 1)
    if (k >= mean && sum + probability === sum) break
    sum += probability
  }
  sums[sums.length - 1] = 1
  return Float64Array.from(sums)
}

function tableOf(mean: number): Table {
  const cumulative = cumulativeOf(mean)
  const firstOfCell = new Uint16Array(CELLS)
  let k = 0
  for (let cell = 0; cell < CELLS; cell++) {
    while (cumulative[k]! <= cell / CELLS) k++
    firstOfCell[cell] = k
  }
  return { cumulative, firstOfCell }
}

const known = new Map<number, PoissonQuantiles>()

/** Tables for `photons` at white (up to some hundreds); kept, since a severity meets them for every image. */
export function poissonQuantiles(photons: number): PoissonQuantiles {
  const found = known.get(photons)
  if (found !== undefined) return found
  const tables = Array.from(UNIT_OF_BYTE, (x) => tableOf(photons * x))
  const quantiles: PoissonQuantiles = {
    count(byte, u) {
      const { cumulative, firstOfCell } = tables[byte]!
      let k = firstOfCell[(u * CELLS) | 0]!
      while (cumulative[k]! <= u) k++
      return k
    },
  }
  known.set(photons, quantiles)
  return quantiles
}
