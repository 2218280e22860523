import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { createHdf5 } from '../../../src-main/io/formats/hdf5/hdf5-writer.ts'
import type { NumericValues } from '../../../src-main/io/formats/hdf5/hdf5-values.ts'
import { encodeNpy } from '../../../src-main/io/formats/numpy/npy-write.ts'
import { permuteAxes } from '../../../src-main/io/formats/numpy/row-major.ts'
import type { Rng } from '../../../src-shared/util/rng.ts'
import { encodeMat5 } from './mat5-writer.ts'
import { makeTruth, pick, TIERS, type Truth, type Written } from './truth.ts'

/** Arrays of a recording by name, row-major, and the mapping that says what they are. */
interface Named {
  readonly arrays: Readonly<
    Record<
      string,
      {
        readonly shape: readonly number[]
        readonly values: NumericValues | string[]
        readonly isBoolean?: boolean
      }
    >
  >
  readonly mapping: unknown
  readonly options: Readonly<Record<string, unknown>>
  readonly forgets: Written['forgets']
}

type Container = 'npz' | 'npy folder' | 'hdf5' | 'mat5' | 'mat7.3'

/** Writes a random recording as named arrays with random axes, types, tiers and starts of the ids. */
export async function writeArrays(
  container: Container,
  folder: string,
  rng: Rng,
): Promise<{ written: Written; truth: Truth }> {
  const textTiers = container !== 'mat5' && container !== 'mat7.3' && rng.uniform() < 0.5
  const flag = !textTiers && rng.uniform() < 0.5
  const truth = makeTruth(rng, {
    channels: 1 + 2 * rng.int(2),
    ...(flag && { tiers: ['pool', 'test'] as const }),
  })
  const named = nameArrays(truth, rng, { textTiers, flag, isMatlab: container.startsWith('mat') })
  const prefix = container === 'hdf5' || container === 'mat7.3' ? '/' : ''
  const mapping = prefixed(named.mapping, prefix)
  const options = {
    area: 'v1',
    ...named.options,
    mapping: container === 'mat5' ? reversedAxes(mapping) : mapping,
  }
  const { path, kind } = await store(container, folder, named)
  return { truth, written: { path, kind, options, ...(named.forgets && { forgets: named.forgets }) } }
}

/** Arrays of MATLAB 5 files are listed as those of 7.3 files are: last axis first. */
const reversedAxes = (mapping: unknown): unknown =>
  JSON.parse(
    JSON.stringify(mapping, (key, value: unknown) =>
      key === 'axes' && typeof value === 'string' ? [...value].reverse().join('') : value,
    ),
  )

const prefixed = (mapping: unknown, prefix: string): unknown =>
  JSON.parse(
    JSON.stringify(mapping, (key, value: unknown) =>
      ['array', 'imageIds', 'unitIds'].includes(key) && typeof value === 'string' ? prefix + value : value,
    ),
  )

function nameArrays(
  truth: Truth,
  rng: Rng,
  { textTiers, flag, isMatlab }: { textTiers: boolean; flag: boolean; isMatlab: boolean },
): Named {
  const { height, width, channels, images, trials, units } = truth
  const pixels = Uint8Array.from(images.flatMap((image) => [...image]))
  const letters = channels === 1 && rng.uniform() < 0.5 ? 'ihw' : 'ihwc'
  const sizes: Record<string, number> = {
    i: images.length,
    h: height,
    w: width,
    c: channels,
    t: trials.length,
    u: units.length,
  }
  const turned = (values: NumericValues, axes: string) => {
    const order = Array.from(rng.permutation(axes.length))
    const shape = [...axes].map((letter) => sizes[letter] as number) // every letter has a size
    return {
      axes: order.map((i) => axes[i]).join(''),
      shape: order.map((i) => shape[i] as number),
      values: permuteAxes(values, shape, order),
    }
  }
  const pixelArray = turned(
    pick(
      rng,
      [pixels, Float32Array.from(pixels, (v) => v / 255), Int16Array.from(pixels)].slice(0, isMatlab ? 1 : 2),
    ),
    letters,
  )
  const table = trials.flatMap(({ responses }) => responses)
  const responses = turned(
    rng.uniform() < 0.5 && !isMatlab ? Float32Array.from(table) : Float64Array.from(table),
    'tu',
  )
  const from = rng.int(2)
  const ids = trials.map(({ image }) => image + from)
  const stated = rng.uniform()
  const tiers = trials.map(({ tier }) => TIERS.indexOf(tier))
  const isBoolean = flag && rng.uniform() < 0.5 && !isMatlab
  const codes = flag ? tiers.map((tier) => Number(tier === 3)) : tiers
  const saysCodes = !flag && !textTiers && rng.uniform() < 0.7
  const name = flag ? 'is_test' : pick(rng, ['tier', 'split'])
  return {
    arrays: {
      images: pixelArray,
      responses,
      ids: { shape: [ids.length], values: pick(rng, [Int32Array.from(ids), Float64Array.from(ids)]) },
      [name]: {
        shape: [tiers.length],
        values: textTiers
          ? trials.map(({ tier }) => tier)
          : isMatlab
            ? Float64Array.from(codes)
            : Uint8Array.from(codes),
        isBoolean,
      },
      units: { shape: [units.length], values: Int32Array.from(units, Number) },
    },
    mapping: {
      images: { array: 'images', axes: pixelArray.axes },
      sessions: [
        {
          key: 's',
          unitIds: 'units',
          parts: [
            {
              array: 'responses',
              axes: responses.axes,
              imageIds: 'ids',
              ...(stated < 0.3 && { idOffset: -from }),
              tier: {
                array: name,
                ...(saysCodes && {
                  values: Object.fromEntries(TIERS.map((tier, code) => [String(code), tier])),
                }),
              },
            },
          ],
        },
      ],
    },
    options: stated > 0.7 ? { idsFrom: from } : {},
    forgets: [],
  }
}

async function store(
  container: Container,
  folder: string,
  { arrays }: Named,
): Promise<Pick<Written, 'path' | 'kind'>> {
  const npy = Object.entries(arrays).map(([name, { shape, values, isBoolean }]) => {
    const bytes = encodeNpy(values, shape)
    // NumPy's bool differs from uint8 in one letter of the header.
    if (isBoolean === true) bytes.set(new TextEncoder().encode("'|b1'"), Buffer.from(bytes).indexOf("'|u1'"))
    return [`${name}.npy`, bytes] as const
  })
  const path = join(folder, `recording.${container === 'hdf5' ? 'h5' : container === 'npz' ? 'npz' : 'mat'}`)
  switch (container) {
    case 'npz':
      writeFileSync(path, zipSync(Object.fromEntries(npy)))
      return { path, kind: 'arrays' }
    case 'npy folder':
      mkdirSync(folder, { recursive: true })
      for (const [name, bytes] of npy) writeFileSync(join(folder, name), bytes)
      return { path: folder, kind: 'arrays' }
    case 'mat5':
      writeFileSync(
        path,
        encodeMat5(
          Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, columnMajor(array)])),
        ),
      )
      return { path, kind: 'arrays' }
    default: {
      const file = await createHdf5(path)
      for (const [name, { shape, values }] of Object.entries(arrays)) {
        if (Array.isArray(values)) file.strings(`/${name}`, values)
        else
          file.array(`/${name}`, values, container === 'mat7.3' && shape.length === 1 ? [1, ...shape] : shape)
        if (container === 'mat7.3')
          file.attributes(`/${name}`, { MATLAB_class: values instanceof Uint8Array ? 'uint8' : 'double' })
      }
      file.close()
      return { path, kind: 'arrays' }
    }
  }
}

/** As MATLAB keeps it: column vectors, first axis fastest. */
function columnMajor({
  shape,
  values,
}: {
  readonly shape: readonly number[]
  readonly values: NumericValues | string[]
}) {
  if (Array.isArray(values)) throw new Error('no text here')
  const full = shape.length === 1 ? [...shape, 1] : [...shape]
  const reversed = permuteAxes(
    values,
    full,
    full.map((_, i) => full.length - 1 - i),
  )
  return { shape: full, columnMajor: reversed instanceof Uint8Array ? reversed : Float64Array.from(reversed) }
}
