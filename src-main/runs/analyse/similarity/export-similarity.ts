import type { Analysis } from '../../../../src-shared/contract/analysis.ts'
import { encodeNpy } from '../../../io/formats/numpy/npy-write.ts'
import type { ReadAnalysis } from '../read-analysis.ts'

/** A file of an .npz. */
export const member = (name: string, bytes: Uint8Array) => ({ name: `${name}.npy`, parts: () => [bytes] })
export const names = (values: readonly string[]): Uint8Array => encodeNpy(values, [values.length])

/** One row for each pair of layers and each point of a profile. */
export function similarityTable({ key, layers, matrices, profiles }: Analysis) {
  const own = layers[0]?.run ?? key
  const pairs = matrices.flatMap(({ name, across, rows, columns, values }) =>
    rows.flatMap((row, i) =>
      columns.map((column, j) => [name, own, row, across, column, values[i]?.[j] ?? null, null, null, null, '']),
    ),
  ) // prettier-ignore
  const points = profiles.flatMap((p) =>
    p.layers.map((layer, i) => [
      ...[p.name, p.run, layer, 'responses', ''],
      ...[p.values[i] ?? null, p.low[i] ?? null, p.high[i] ?? null, p.n, p.of],
    ]),
  )
  const header = ['measure', 'run', 'layer', 'with', 'with layer', 'value', 'low', 'high', 'n', 'of']
  return { header, rows: [...pairs, ...points] }
}

/** `layers/<run>`, `<measure>/<run across>` [layers, layers], `profile/<measure>/<run>` [value low high, layers], RDMs and scores of units. */
export function similarityMembers({ made, arrays }: ReadAnalysis) {
  const numbers = (rows: readonly (readonly (number | null)[])[]): Uint8Array =>
    encodeNpy(
      Float32Array.from(rows.flat(), (v) => v ?? NaN),
      [rows.length, rows[0]?.length ?? 0],
    )
  return [
    ...made.layers.map(({ run, layers }) => member(`layers/${run}`, names(layers.map(({ name }) => name)))),
    ...made.matrices.map(({ name, across, values }) => member(`${name}/${across}`, numbers(values))),
    ...made.profiles.map(({ name, run, values, low, high }) =>
      member(`profile/${name}/${run}`, numbers([values, low, high])),
    ),
    ...[...arrays].map(([name, { data, shape }]) =>
      member(name, encodeNpy(Float32Array.from(data), [...shape])),
    ),
  ]
}
