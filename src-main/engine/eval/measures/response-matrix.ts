/** Numbers of shape [rows, units], row-major: predictions or responses, one row per trial or per image. NaN = missing. */
export interface ResponseMatrix {
  readonly rows: number
  readonly units: number
  readonly values: Float64Array | Float32Array
}

/** Stacks rows of equal length. */
export function matrixOfRows(rows: readonly ArrayLike<number>[]): ResponseMatrix {
  const units = rows[0]?.length ?? 0
  const values = new Float64Array(rows.length * units)
  rows.forEach((row, i) => values.set(Array.from(row), i * units))
  return { rows: rows.length, units, values }
}

/** One unit's numbers over all rows. */
export function unitColumn(matrix: ResponseMatrix, unit: number): Float64Array {
  const column = new Float64Array(matrix.rows)
  for (let i = 0; i < matrix.rows; i++) column[i] = matrix.values[i * matrix.units + unit]!
  return column
}

/** @throws RangeError when two matrices that belong together differ in shape; a mistake of the program, not of the user. */
export function checkSameShape(a: ResponseMatrix, b: ResponseMatrix): void {
  if (a.rows !== b.rows || a.units !== b.units) {
    throw new RangeError(`shapes differ: [${a.rows}, ${a.units}] and [${b.rows}, ${b.units}]`)
  }
}
