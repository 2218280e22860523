/** A value that stands for "not recorded"; JSON has no infinities. */
export type MissingValue = number | 'inf' | '-inf'

const asNumber = (value: MissingValue): number =>
  value === 'inf' ? Infinity : value === '-inf' ? -Infinity : Math.fround(value)

/**
 * Responses with the given values replaced by NaN, the one sign of a missing response everywhere (losses, measures,
 * statistics, views), and how many there were.
 */
export function withMissing(
  responses: Float32Array,
  values: readonly MissingValue[],
): { readonly responses: Float32Array; readonly count: number } {
  if (values.length === 0) return { responses, count: 0 }
  const wanted = new Set(values.map(asNumber))
  let count = 0
  const out = responses.map((value) => {
    if (!wanted.has(value)) return value
    count++
    return NaN
  })
  return { responses: out, count }
}
