import type { NamedArray, NamedArrays, NeuralSet } from '../../engine/types.ts'

/** Names under which readouts keep one position for each unit. */
const LEAVES = ['mu', 'grid']

/**
 * Where the readout of each unit looks, -1 to 1 over the image, as `neurons/<area>/<session>/mu_x` and `mu_y`. Readouts that
 * share positions between sessions, or have none, give nothing.
 * @param rowsFirst the readout's positions are (row, column), as in deterministic Gaussian readouts
 */
export function readoutPositions(
  weights: NamedArrays,
  sessions: Iterable<readonly [string, { readonly area: NeuralSet; readonly units: readonly string[] }]>,
  rowsFirst: boolean,
): NamedArrays {
  const out = new Map<string, NamedArray>()
  for (const [key, { area, units }] of sessions) {
    const found = LEAVES.flatMap((leaf) => [`readout.${key}.${leaf}`, `${area}_readout.${key}.${leaf}`])
      .map((name) => weights.get(name))
      .find((array) => array?.shape.join() === [units.length, 2].join())
    if (found === undefined) continue
    const axis = (at: number): Float32Array => Float32Array.from(units, (_, u) => found.data[2 * u + at]!) // two values for each unit
    const [x, y] = rowsFirst ? [axis(1), axis(0)] : [axis(0), axis(1)]
    const shape = [units.length]
    out.set(`neurons/${area}/${key}/mu_x`, { shape, dtype: 'float32', data: x })
    out.set(`neurons/${area}/${key}/mu_y`, { shape, dtype: 'float32', data: y })
  }
  return out
}
