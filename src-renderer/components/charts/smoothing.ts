/**
 * Exponential moving average with the bias of the start divided out, so that the first point is the first value (Kingma & Ba 2015,
 * section 3). Missing values stay missing and do not move the average.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values]
  let average = 0
  let power = 1
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null
    average = weight * average + (1 - weight) * value
    power *= weight
    return average / (1 - power)
  })
}
