import type { RgbImage } from '../../src-main/engine/data/corruptions/base/types.ts'

export interface LevelDifference {
  readonly mean: number
  readonly max: number
  readonly percentile99: number
}

/** Absolute difference of two byte images, in levels. */
export function levelDifference(a: Uint8Array, b: Uint8Array): LevelDifference {
  if (a.length !== b.length) throw new Error(`images of ${a.length} and ${b.length} bytes`)
  const sorted = a.map((v, i) => Math.abs(v - b[i]!)).sort()
  const mean = sorted.reduce((sum, d) => sum + d, 0) / sorted.length
  return { mean, max: sorted.at(-1)!, percentile99: sorted[Math.ceil(0.99 * sorted.length) - 1]! }
}

/** Peak signal-to-noise ratio in dB, white = 255. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  const squared = a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0) / a.length
  return 10 * Math.log10((255 * 255) / squared)
}

export interface ImageStatistics {
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly psnr: number
  readonly lag1_horizontal: number
  readonly lag1_vertical: number
  readonly histogram16: readonly (readonly number[])[]
}

/** Sums for the Pearson correlation of pairs that come one by one. */
function pairs() {
  let [n, sa, sb, ab, aa, bb] = [0, 0, 0, 0, 0, 0]
  return {
    add: (a: number, b: number): void => {
      n++
      sa += a
      sb += b
      ab += a * b
      aa += a * a
      bb += b * b
    },
    correlation: (): number => (ab - (sa * sb) / n) / Math.sqrt((aa - (sa * sa) / n) * (bb - (sb * sb) / n)),
  }
}

/** Statistics of a corrupted image: per channel mean, std and 16-bin histogram; residual correlation with the neighbour. */
export function statisticsOf(made: Uint8Array, clean: RgbImage): ImageStatistics {
  const { width, height } = clean
  const size = width * height
  const histogram16 = [0, 1, 2].map(() => new Array<number>(16).fill(0))
  const sums = [0, 0, 0]
  const squares = [0, 0, 0]
  const residual = new Int16Array(made.length)
  for (let i = 0; i < made.length; i++) {
    const v = made[i]!
    sums[i % 3]! += v
    squares[i % 3]! += v * v
    histogram16[i % 3]![v >> 4]! += 1 / size
    residual[i] = v - clean.data[i]!
  }
  const line = width * 3
  const [beside, below] = [pairs(), pairs()]
  for (let i = 0; i < made.length; i++) {
    if (i % line < line - 3) beside.add(residual[i]!, residual[i + 3]!)
    if (i < (height - 1) * line) below.add(residual[i]!, residual[i + line]!)
  }
  const mean = sums.map((sum) => sum / size)
  return {
    mean,
    std: squares.map((square, c) => Math.sqrt(Math.max(0, square / size - mean[c]! ** 2))),
    psnr: psnr(made, clean.data),
    lag1_horizontal: beside.correlation(),
    lag1_vertical: below.correlation(),
    histogram16,
  }
}
