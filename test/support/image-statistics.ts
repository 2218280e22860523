import type { RgbImage } from '../../src-main/engine/data/corruptions/types.ts'

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

/** Pearson correlation. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const n = a.length
  const [ma, mb] = [a.reduce((s, v) => s + v, 0) / n, b.reduce((s, v) => s + v, 0) / n]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb)
    aa += (a[i]! - ma) ** 2
    bb += (b[i]! - mb) ** 2
  }
  return ab / Math.sqrt(aa * bb)
}

export interface ImageStatistics {
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly psnr: number
  readonly lag1_horizontal: number
  readonly lag1_vertical: number
  readonly histogram16: readonly (readonly number[])[]
}

/** Statistics of a corrupted image: per channel mean, std and 16-bin histogram; residual correlation with the neighbour. */
export function statisticsOf(made: Uint8Array, clean: RgbImage): ImageStatistics {
  const { width, height } = clean
  const channels = [0, 1, 2].map((c) => [...made].filter((_, i) => i % 3 === c))
  const mean = channels.map((values) => values.reduce((a, b) => a + b, 0) / values.length)
  const std = channels.map((values, c) =>
    Math.sqrt(values.reduce((a, b) => a + (b - mean[c]!) ** 2, 0) / values.length),
  )
  const histogram16 = channels.map((values) => {
    const bins = new Array<number>(16).fill(0)
    for (const v of values) bins[v >> 4]! += 1 / values.length
    return bins
  })
  const residual = Array.from(made, (v, i) => v - clean.data[i]!)
  const line = width * 3
  const lag = (step: number, keep: (i: number) => boolean): number => {
    const at = residual.map((_, i) => i).filter(keep)
    return correlation(
      at.map((i) => residual[i]!),
      at.map((i) => residual[i + step]!),
    )
  }
  return {
    mean,
    std,
    psnr: psnr(made, clean.data),
    lag1_horizontal: lag(3, (i) => i % line < line - 3),
    lag1_vertical: lag(line, (i) => i < (height - 1) * line),
    histogram16,
  }
}
