import type { Document } from 'yaml'
import { isScalar, visit } from 'yaml'

/** Offset of the first key that its map has already; null where all differ. */
export function repeatedKey(document: Document): number | null {
  let found: number | null = null
  visit(document, {
    Map: (_, { items }) => {
      const known = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (known.has(key.value)) {
          found = key.range?.[0] ?? 0
          return visit.BREAK
        }
        known.add(key.value)
      }
      return undefined
    },
  })
  return found
}
