/**
 * Exponential moving average with the bias of the start divided out, so that the first point is the first value (Kingma & Ba 2015,
 * section 3). Missing values (null, not finite) stay missing and do not move the average.
 */
export function movingAverage(values: ArrayLike<number | null>, weight: number): (number | null)[] {
  let average = 0
  let power = 1
  return Array.from(values, (value) => {
    if (value === null || !Number.isFinite(value)) return null
    average = weight * average + (1 - weight) * value
    power *= weight
    return average / (1 - power)
  })
}
