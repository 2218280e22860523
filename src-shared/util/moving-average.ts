/**
 * Exponential moving average with the bias of the start divided out, so that the first point is the first value (Kingma & Ba 2015,
 * section 3). Values that are not finite are NaN and do not move the average.
 */
export function movingAverage(values: ArrayLike<number>, weight: number): Float64Array {
  const out = new Float64Array(values.length)
  let average = 0
  let power = 1
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! // i < length
    if (!Number.isFinite(value)) {
      out[i] = Number.NaN
      continue
    }
    average = weight * average + (1 - weight) * value
    power *= weight
    out[i] = average / (1 - power)
  }
  return out
}
