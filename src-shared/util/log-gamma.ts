/** From here on Stirling's series with five terms is exact to 1e-14. */
const STIRLING_FROM = 12

/** ln Gamma(x) for x > 0: recurrence up to 12, then Stirling's series (Abramowitz and Stegun 6.1.41). */
export function logGamma(x: number): number {
  let shift = 0
  let z = x
  for (; z < STIRLING_FROM; z++) shift += Math.log(z)
  const series =
    1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5) - 1 / (1680 * z ** 7) + 1 / (1188 * z ** 9)
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift
}
