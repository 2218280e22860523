import { deflateRawSync } from 'node:zlib'
import type * as hl from 'h5wasm/node'
import { checked, openHdf5File } from './hdf5-library.ts'
import type { NumericValues } from './hdf5-values.ts'

type AttributeValue = string | number

/** Writes one HDF5 file; every failure of the library is an error, never a gap in the file. */
export interface Hdf5Writer {
  group(path: string, attributes?: Readonly<Record<string, AttributeValue>>): void
  array(path: string, values: NumericValues, shape: readonly number[]): void
  strings(path: string, values: readonly string[]): void
  attributes(path: string, values: Readonly<Record<string, AttributeValue>>): void
  /**
   * An array filled block by block along its first axis, one chunk per element of that axis; compressed where that saves
   * much of the first block.
   */
  blocks<A extends NumericValues>(
    path: string,
    shape: readonly number[],
    next: () => Promise<A | null>,
  ): Promise<void>
  close(): void
}

/** zlib's usual compromise; images barely shrink further above it. */
const DEFLATE_LEVEL = 4
/** Share of the bytes that compression must leave at most: photographs keep 0.7, and take a second for 30 MB, written or read. */
const WORTH_DEFLATING = 0.6
/** Bytes that tell what compression would save. */
const SAMPLE_BYTES = 500_000

/** Creates the file; give it a temporary path and rename it when `close` is done. */
export async function createHdf5(path: string): Promise<Hdf5Writer> {
  const file = await openHdf5File(path, 'w')
  const at = <T>(where: string, work: () => T): T => checked(path, where, work)
  const attributes: Hdf5Writer['attributes'] = (where, values) => {
    const target = file.get(where) as hl.Group // we created it
    for (const [name, value] of Object.entries(values)) {
      const dtype =
        typeof value === 'string'
          ? `S${Math.max(1, Buffer.byteLength(value))}`
          : Number.isInteger(value)
            ? '<q'
            : '<d'
      at(`${where}, attribute ${name}`, () => target.create_attribute(name, value, [], dtype))
    }
  }
  return {
    attributes,
    group(where, values = {}) {
      at(where, () => file.create_group(where.slice(1)))
      attributes(where, values)
    },
    array(where, values, shape) {
      at(where, () => file.create_dataset({ name: where.slice(1), data: values, shape: [...shape] }))
    },
    strings(where, values) {
      const size = Math.max(1, ...values.map((text) => Buffer.byteLength(text)))
      at(where, () =>
        file.create_dataset({
          name: where.slice(1),
          data: [...values],
          shape: [values.length],
          dtype: `S${size}`,
        }),
      )
    },
    blocks: (where, shape, next) => writeBlocks(file, where, shape, next, at),
    close: () => void at('/', () => file.close()),
  }
}

async function writeBlocks<A extends NumericValues>(
  file: hl.File,
  where: string,
  shape: readonly number[],
  next: () => Promise<A | null>,
  at: <T>(where: string, work: () => T) => T,
): Promise<void> {
  const rest = shape.slice(1)
  const each = rest.reduce((a, b) => a * b, 1)
  let dataset: hl.Dataset | null = null
  let written = 0
  for (let data = await next(); data !== null; data = await next()) {
    const block: A = data
    const count = block.length / each
    if (dataset === null) {
      const name = where.slice(1)
      dataset = at(where, () =>
        file.create_dataset({
          name,
          data: block,
          shape: [count, ...rest],
          maxshape: [...shape],
          chunks: [1, ...rest],
          ...(isWorthDeflating(block) && { compression: DEFLATE_LEVEL }),
        }),
      )
      at(where, () => dataset?.resize([...shape]))
    } else {
      const target = dataset
      at(where, () => target.write_slice([[written, written + count], ...rest.map((): [] => [])], block))
    }
    written += count
  }
  if (written !== shape[0]) throw new RangeError(`${where}: ${written} of ${shape[0]} elements were given`)
}

/** Whether the middle of a block shrinks enough; the rest of the array is taken to be like it. */
function isWorthDeflating({ buffer, byteOffset, byteLength }: Exclude<NumericValues, unknown[]>): boolean {
  const size = Math.min(SAMPLE_BYTES, byteLength)
  const sample = new Uint8Array(buffer, byteOffset + Math.floor((byteLength - size) / 2), size)
  return deflateRawSync(sample, { level: DEFLATE_LEVEL }).length <= WORTH_DEFLATING * size
}
