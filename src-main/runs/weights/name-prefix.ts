/** Share of the names that must agree on a prefix for it to count (nntransfer). */
const AGREEMENT = 0.98

/** Longest dotted prefix that nearly all names share, with its dot; '' for none. */
export function sharedPrefix(names: readonly string[]): string {
  let prefix = ''
  for (;;) {
    const counts = new Map<string, number>()
    for (const name of names) {
      if (!name.startsWith(prefix)) continue
      const dot = name.indexOf('.', prefix.length)
      if (dot < 0) continue
      const longer = name.slice(0, dot + 1)
      counts.set(longer, (counts.get(longer) ?? 0) + 1)
    }
    const [best = '', count = 0] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? []
    if (names.length === 0 || count < AGREEMENT * names.length) return prefix
    prefix = best
  }
}

/** A wrapper's name in front of the tensors of a file, and what the model has there instead. */
export interface PrefixSwap {
  readonly from: string
  readonly to: string
}

/** How to rename the tensors of a file so that their shared prefix is that of the model; null where both agree. */
export function prefixSwap(given: readonly string[], wanted: readonly string[]): PrefixSwap | null {
  const [from, to] = [sharedPrefix(given), sharedPrefix(wanted)]
  return from === to ? null : { from, to }
}

/** The names with the prefix exchanged; names without it stay. */
export const swapped = <T>(
  arrays: ReadonlyMap<string, T>,
  { from, to }: PrefixSwap,
): ReadonlyMap<string, T> =>
  new Map(
    [...arrays].map(([name, array]) => [
      name.startsWith(from) ? `${to}${name.slice(from.length)}` : name,
      array,
    ]),
  )
