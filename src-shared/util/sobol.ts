/**
 * Primitive polynomials (leading bit included) and first direction numbers of Joe and Kuo, "Constructing Sobol sequences with
 * better two-dimensional projections", SIAM J. Sci. Comput. 30 (2008), table new-joe-kuo-6.21201; the first row is van der Corput's.
 */
const TABLE: readonly (readonly [number, readonly number[]])[] = [
  [1, [1]],
  [3, [1]],
  [7, [1, 3]],
  [11, [1, 3, 1]],
  [13, [1, 1, 1]],
  [19, [1, 1, 3, 3]],
  [25, [1, 3, 5, 13]],
  [37, [1, 1, 5, 5, 17]],
  [41, [1, 1, 5, 5, 5]],
  [47, [1, 1, 7, 11, 19]],
  [55, [1, 1, 5, 1, 1]],
  [59, [1, 1, 1, 3, 11]],
  [61, [1, 3, 5, 5, 31]],
  [67, [1, 3, 3, 9, 7, 49]],
  [91, [1, 1, 1, 15, 21, 21]],
  [97, [1, 3, 1, 13, 27, 49]],
  [103, [1, 1, 1, 15, 7, 5]],
  [109, [1, 3, 1, 15, 13, 25]],
  [115, [1, 1, 5, 5, 19, 61]],
  [131, [1, 3, 7, 11, 23, 15, 103]],
  [137, [1, 3, 7, 13, 13, 15, 69]],
]

/** Dimensions that the table covers. */
export const SOBOL_DIMENSIONS = TABLE.length
const BITS = 30
const SCALE = 2 ** -BITS

/** The 30 direction numbers of a dimension, each shifted to the left end of 30 bits. */
function directionsOf(dimension: number): Uint32Array {
  const [polynomial, first] = TABLE[dimension]!
  const degree = 31 - Math.clz32(polynomial)
  const v = new Uint32Array(BITS)
  for (let i = 0; i < BITS; i++) {
    if (degree === 0) v[i] = 1
    else if (i < degree) v[i] = first[i]!
    else {
      let next = v[i - degree]! ^ (v[i - degree]! << degree)
      for (let k = 1; k < degree; k++) if ((polynomial >>> (degree - k)) & 1) next ^= v[i - k]! << k
      v[i] = next
    }
  }
  return v.map((value, i) => value << (BITS - 1 - i))
}

/**
 * Points of the Sobol sequence in [0, 1)^dimensions, in Gray code order as `scipy.stats.qmc.Sobol` has them. `shift`: 30 random bits
 * for each dimension, by which every coordinate is moved (a digital shift, which keeps the points as even as they are).
 * @throws RangeError beyond the dimensions of the table
 */
export function sobol(dimensions: number, shift: readonly number[] = []): (index: number) => number[] {
  if (dimensions > SOBOL_DIMENSIONS)
    throw new RangeError(
      `the Sobol sequence is known here for ${SOBOL_DIMENSIONS} dimensions, not ${dimensions}`,
    )
  const directions = Array.from({ length: dimensions }, (_, d) => directionsOf(d))
  return (index) => {
    const gray = index ^ (index >>> 1)
    return directions.map((v, d) => {
      let bits = (shift[d] ?? 0) >>> 0
      for (let i = 0; i < BITS; i++) if ((gray >>> i) & 1) bits ^= v[i]!
      return (bits >>> 0) * SCALE
    })
  }
}
