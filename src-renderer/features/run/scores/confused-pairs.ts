export interface ConfusedPair {
  readonly from: string
  readonly to: string
  readonly images: number
  /** Part of the images of the true class. */
  readonly share: number
}

/** Mistakes by number of images, the most frequent first; counts are [true class][answer]. */
export function confusedPairs(
  classNames: readonly string[],
  counts: readonly (readonly number[])[],
): ConfusedPair[] {
  return counts
    .flatMap((row, i) => {
      const all = row.reduce((a, b) => a + b, 0)
      return row.map((images, j) => ({
        from: classNames[i] ?? '',
        to: classNames[j] ?? '',
        images,
        share: all === 0 ? 0 : images / all,
        isHit: i === j,
      }))
    })
    .filter((p) => !p.isHit && p.images > 0)
    .sort((a, b) => b.images - a.images || b.share - a.share)
    .map(({ from, to, images, share }) => ({ from, to, images, share }))
}

/** Percent of each true class; null for a class without images. */
export const rowShares = (counts: readonly (readonly number[])[]): (number | null)[][] =>
  counts.map((row) => {
    const all = row.reduce((a, b) => a + b, 0)
    return row.map((n) => (all === 0 ? null : (100 * n) / all))
  })
