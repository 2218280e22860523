import { stream } from './proof-numbers.ts'

/** Factors with their levels. */
export type Factors = Readonly<Record<string, readonly number[]>>
export type Row<F extends Factors> = { readonly [K in keyof F]: number }

/** Candidates drawn per row: enough to find one that covers much. */
const DRAWS = 24
/** Draws after which a pair is taken as impossible. */
const PATIENCE = 1000

type Levels = Readonly<Record<string, number>>

/**
 * Rows in which every pair of levels of two factors meets at least once, where `possible` allows it (pairwise testing,
 * greedy as in AETG, Cohen et al. 1997). Equal for equal factors.
 */
export function coveringRows<F extends Factors>(factors: F, possible: (row: Row<F>) => boolean): Row<F>[] {
  const names = Object.keys(factors)
  const open = allPairs(factors)
  const next = stream(1)
  const rows: Row<F>[] = []
  const draw = (fixed: Levels): Row<F> =>
    Object.fromEntries(names.map((n) => [n, fixed[n] ?? pick(factors[n] as number[], next())])) as Row<F> // every factor has a level
  for (;;) {
    const target = open.entries().next().value
    if (target === undefined) return rows
    const [key, fixed] = target
    const best = bestRow(
      () => draw(fixed),
      possible,
      (row) => openPairs(row, names, open).length,
    )
    if (best === null) open.delete(key)
    else {
      for (const pair of openPairs(best, names, open)) open.delete(pair)
      rows.push(best)
    }
  }
}

function bestRow<R>(draw: () => R, possible: (row: R) => boolean, worth: (row: R) => number): R | null {
  let best: R | null = null
  let most = 0
  let good = 0
  for (let i = 0; i < PATIENCE && good < DRAWS; i++) {
    const row = draw()
    if (!possible(row)) continue
    good++
    const gain = worth(row)
    if (gain <= most) continue
    best = row
    most = gain
  }
  return best
}

const pairKey = (a: string, x: number, b: string, y: number): string => `${a} ${x} ${b} ${y}`

function allPairs(factors: Factors): Map<string, Levels> {
  const names = Object.keys(factors)
  const pairs = new Map<string, Levels>()
  names.forEach((a, i) => {
    for (const b of names.slice(i + 1))
      for (const x of factors[a] ?? [])
        for (const y of factors[b] ?? []) pairs.set(pairKey(a, x, b, y), { [a]: x, [b]: y })
  })
  return pairs
}

function openPairs(row: Levels, names: readonly string[], open: ReadonlyMap<string, Levels>): string[] {
  const all = names.flatMap((a, i) => names.slice(i + 1).map((b) => pairKey(a, row[a]!, b, row[b]!)))
  return all.filter((pair) => open.has(pair))
}

const pick = (levels: readonly number[], at: number): number => levels[Math.floor(at * levels.length)]!
