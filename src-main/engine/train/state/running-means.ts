/** Means of named numbers, each weighted by how many images it stands for; read and emptied at each report. */
export interface RunningMeans {
  add(key: string, value: number, weight: number): void
  /** The means so far; forgets them. */
  take(): Record<string, number>
  /** Sums so far, for a checkpoint. */
  save(): SavedMeans
}

/** Key -> [weighted sum, weight]. */
export type SavedMeans = Readonly<Record<string, readonly [total: number, weight: number]>>

/** Weighted means by key; `saved` are sums to go on from. */
export function runningMeans(saved: SavedMeans = {}): RunningMeans {
  const sums = new Map<string, { total: number; weight: number }>(
    Object.entries(saved).map(([key, [total, weight]]) => [key, { total, weight }]),
  )
  return {
    add: (key, value, weight) => {
      const sum = sums.get(key) ?? { total: 0, weight: 0 }
      sum.total += value * weight
      sum.weight += weight
      sums.set(key, sum)
    },
    take: () => {
      const means = Object.fromEntries([...sums].map(([key, { total, weight }]) => [key, total / weight]))
      sums.clear()
      return means
    },
    save: () => Object.fromEntries([...sums].map(([key, { total, weight }]) => [key, [total, weight]])),
  }
}
