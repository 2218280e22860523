import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type {
  ArrayMapping,
  PartMapping,
  SessionMapping,
} from '../../../src-shared/schema/importer/array-mapping.ts'
import { type LeftOut, leftOut } from '../../../src-shared/contract/account.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ImportOptions } from '../../../src-shared/schema/importer/importers.ts'
import type { CanonicalImages } from '../canonical/set.ts'
import { TIERS } from '../canonical/set.ts'
import type { NumpyValues } from '../formats/numpy-dtype.ts'
import { invalidFile } from '../formats/problem.ts'
import { permuteAxes } from '../formats/row-major.ts'
import { arrayFiles, type ArraySource, openArrays } from './array-source.ts'
import { idOffset, type Place } from './ids-and-axes.ts'
import type { ImportChoice, ImportedSession, ImportedSet, Layout } from './importer.ts'
import { namedIds, pictureIds } from './named-ids.ts'
import { readTiers, tierColumns } from './tiers.ts'
import { describePixels } from './trial-images.ts'
import { parseFloats, parseIds, repeatNumbers, unitNames } from './trial-fields.ts'

type Options = ImportOptions<'arrays'>

/** npz, npy folder, HDF5 or MATLAB file with a mapping that says which array means what. */
export const mappedArrays: Layout<'arrays'> = {
  kind: 'arrays',
  detect: (path) => /\.(npz|npy|h5|hdf5?|he5|nc4?|mat)$/i.test(path),
  async read(path, options) {
    const { mapping } = options
    if (mapping === undefined)
      throw new CotrainError({
        code: 'config-invalid',
        path,
        message: 'the file does not say which of its arrays are pictures and which responses.',
        hint: 'List them with `cotrain data inspect` and give a mapping with --mapping.',
      })
    const source = await openArrays(path)
    try {
      const set = readMapped(source, mapping, path, options)
      return statSync(path).isDirectory() ? { ...set, seen: arrayFiles(path) } : set
    } finally {
      source.close()
    }
  },
}

function readMapped(source: ArraySource, mapping: ArrayMapping, path: string, options: Options): ImportedSet {
  const images = readImages(source, mapping, options)
  const { offsets, choices } = countedFrom(source, mapping, images, options)
  return {
    name: basename(path),
    images,
    choices,
    left: unusedArrays(source, mapping),
    sessions: mapping.sessions.map((session) => readSession(source, session, images, offsets, options)),
  }
}

/** Arrays of the file that the mapping does not name; one whose name says that it holds tiers is likely forgotten. */
function unusedArrays(source: ArraySource, mapping: ArrayMapping): LeftOut[] {
  const used = new Set(mappedNames(mapping))
  const unused = source.list().flatMap(({ path }) => (used.has(path) ? [] : [path]))
  const last = (path: string): string => path.split('/').at(-1) ?? path
  const hasTiers = mapping.sessions.every(({ parts }) => parts.some(({ tier }) => tier !== 'pool'))
  const forgotten = hasTiers ? [] : unused.filter((path) => tierColumns([last(path)]).length > 0)
  return [
    ...leftOut('array', forgotten, {
      severity: 'warning',
      reason: 'the mapping does not name it, though it seems to hold the tiers.',
      fix: 'Name it as the tier of the part, or import the trials without tiers knowingly.',
    }),
    ...leftOut(
      'array',
      unused.filter((path) => !forgotten.includes(path)),
      { reason: 'the mapping does not name it.' },
    ),
  ]
}

/** Every name of an array in a mapping. */
const mappedNames = ({ images, sessions }: ArrayMapping): (string | undefined)[] => [
  images.array,
  images.ids,
  images.labels,
  ...sessions.flatMap(({ unitIds, unitAreas, parts }) => [
    unitIds,
    unitAreas,
    ...parts.flatMap(({ array, imageIds, tier }) => [
      array,
      imageIds,
      typeof tier === 'string' ? undefined : tier.array,
    ]),
  ]),
]

type Offsets = ReadonlyMap<PartMapping, number>

/** What to add to the image ids of each part. Where the mapping does not say it, all ids together decide. */
function countedFrom(
  source: ArraySource,
  mapping: ArrayMapping,
  images: CanonicalImages,
  { idsFrom }: Options,
): { readonly offsets: Offsets; readonly choices: readonly ImportChoice[] } {
  const parts = mapping.sessions
    .flatMap((session) => session.parts)
    .filter((part) => part.imageIds !== undefined)
  const open = parts.filter((part) => part.idOffset === undefined)
  const stated = new Map(parts.map((part) => [part, part.idOffset ?? 0]))
  // Ids of the pictures in the file are names: they need no place to count from.
  if (open.length === 0 || (mapping.images.ids !== undefined && idsFrom === undefined))
    return { offsets: stated, choices: [] }
  const ids = open.flatMap((part) => [
    ...parseIds(source.read(part.imageIds ?? '').values, source.name, part.imageIds ?? ''),
  ])
  const names = [...new Set(open.map((part) => part.imageIds))].join(', ')
  const offset = idOffset(ids, new Set(images.id), idsFrom, { file: source.name, field: names })
  return {
    offsets: new Map(parts.map((part) => [part, part.idOffset ?? offset])),
    choices: [{ what: 'Ids count from', value: `${-offset}`, by: idsFrom === undefined ? 'fit' : 'option' }],
  }
}

interface Ordered {
  readonly sizes: readonly number[]
  readonly values: NumpyValues
}

/** An array with its axes in the wanted order; axes it does not have count 1. */
function ordered(source: ArraySource, array: string, axes: string, wanted: string): Ordered {
  const { shape, values } = source.read(array)
  if (shape.length !== axes.length)
    throw invalidFile(
      source.name,
      array,
      `has ${shape.length} axes (${shape.join(' x ')}), the mapping names ${axes.length}: ${axes}.`,
      'Give one letter for each axis.',
    )
  if (new Set(axes).size !== axes.length)
    throw invalidFile(source.name, array, `the axes ${axes} name one letter twice.`)
  const present = [...wanted].filter((letter) => axes.includes(letter))
  const order = present.map((letter) => axes.indexOf(letter))
  if (order.length !== axes.length)
    throw invalidFile(
      source.name,
      array,
      `the axes ${axes} do not go together, expected letters of ${wanted}.`,
    )
  return {
    sizes: [...wanted].map((letter) => (axes.includes(letter) ? (shape[axes.indexOf(letter)] as number) : 1)),
    values: permuteAxes(values, shape, order),
  }
}

function readImages(
  source: ArraySource,
  { images: mapping }: ArrayMapping,
  options: Options,
): CanonicalImages {
  const flat = mapping.axes.includes('p')
  const { sizes, values } = ordered(source, mapping.array, mapping.axes, flat ? 'ip' : 'ihwc')
  const [count, a, b = 1, c = 1] = sizes as [number, number, number?, number?]
  const side = Math.sqrt(a)
  if (flat && !Number.isInteger(side))
    throw invalidFile(
      source.name,
      mapping.array,
      `${a} pixels are no square picture.`,
      'Store height and width as axes.',
    )
  const size = flat ? { height: side, width: side, channels: 1 } : { height: a, width: b, channels: c }
  if (Array.isArray(values)) throw invalidFile(source.name, mapping.array, 'holds text, expected pixels.')
  const column = (name: string | undefined, what: string): NumpyValues | null => {
    if (name === undefined) return null
    const ids = source.read(name).values
    if (ids.length !== count)
      throw invalidFile(
        source.name,
        name,
        `has ${ids.length} values, there are ${count} pictures.`,
        `Choose the ${what} of the pictures.`,
      )
    return ids
  }
  const labels = column(mapping.labels, 'labels')
  const ids = column(mapping.ids, 'ids')
  const named = ids && pictureIds(ids, { file: source.name, field: mapping.ids ?? '' })
  return {
    ...describePixels(values, size, `${source.name}, ${mapping.array}`, {
      valueMin: mapping.valueMin ?? options.valueMin,
      valueMax: mapping.valueMax ?? options.valueMax,
    }),
    id: named?.id ?? Int32Array.from({ length: count }, (_, i) => i),
    ...(named?.names && { origin: named.names }),
    ...(labels && { label: parseIds(labels, source.name, mapping.labels ?? '') }),
  }
}

interface Trials {
  readonly imageId: Int32Array
  readonly tier: Uint8Array
  /** [trials, units, bins]. */
  readonly responses: Float32Array
  readonly units: number
  readonly bins: number
}

function readSession(
  source: ArraySource,
  mapping: SessionMapping,
  images: CanonicalImages,
  offsets: Offsets,
  options: Options,
): ImportedSession {
  const parts = mapping.parts.map((part) => readPart(source, part, images, offsets.get(part) ?? 0, options))
  const [first] = parts as [Trials, ...Trials[]] // the schema asks for one part at least
  const odd = parts.find(({ units, bins }) => units !== first.units || bins !== first.bins)
  if (odd)
    throw invalidFile(
      source.name,
      mapping.key,
      `one part has ${odd.units} units and ${odd.bins} bins, the first ${first.units} and ${first.bins}.`,
    )
  const imageId = Int32Array.from(parts.flatMap((part) => [...part.imageId]))
  const responses = new Float32Array(parts.reduce((sum, part) => sum + part.responses.length, 0))
  let at = 0
  for (const part of parts) {
    responses.set(part.responses, at)
    at += part.responses.length
  }
  const { key, subject, species } = mapping
  const [binMs, t0Ms] = [mapping.binMs ?? options.binMs, mapping.t0Ms ?? options.t0Ms]
  const perUnit = (name: string | undefined): NumpyValues | null => {
    const values = name === undefined ? null : source.read(name).values
    if (values === null || values.length === first.units) return values
    throw invalidFile(
      source.name,
      name ?? '',
      `has ${values.length} values, there are ${first.units} units.`,
      'Choose the array of these units, or check the axes.',
    )
  }
  const unitIds = perUnit(mapping.unitIds)
  const areas = perUnit(mapping.unitAreas)
  return {
    key,
    subject: options.subject || subject,
    area: areas ? Array.from<string | number>(areas).map(String) : (mapping.area ?? ''),
    species: options.species || species,
    responseKind: options.responseKind ?? mapping.responseKind ?? null,
    ...(binMs !== undefined && { binMs }),
    ...(t0Ms !== undefined && { t0Ms }),
    trials: {
      imageId,
      tier: Uint8Array.from(parts.flatMap((part) => [...part.tier])),
      repeat: repeatNumbers(imageId),
    },
    units: { id: unitNames(unitIds, first.units) },
    responses,
    bins: first.bins,
  }
}

function readPart(
  source: ArraySource,
  part: PartMapping,
  images: CanonicalImages,
  offset: number,
  options: Options,
): Trials {
  const perTrial = part.axes.includes('t')
  const { sizes, values } = ordered(source, part.array, part.axes, perTrial ? 'tub' : 'irub')
  const floats = parseFloats(values, source.name, part.array)
  const [rows, repeats, units, bins] = perTrial ? [sizes[0], 1, sizes[1], sizes[2]] : sizes
  const all = {
    rows: rows as number,
    repeats: repeats as number,
    units: units as number,
    bins: bins as number,
  } // sizes has one entry a letter
  const imageIds = idsOf(source, part, all.rows, images, offset)
  const kept = keepPresent(floats, all)
  const repeated = (row: number): number => Math.floor(row / all.repeats)
  return {
    imageId: Int32Array.from(kept.rows, (row) => imageIds[repeated(row)] as number), // as long as the rows
    tier: tiersOf(source, part, kept.rows, all.rows, repeated, options),
    responses: kept.values,
    units: all.units,
    bins: all.bins,
  }
}

function idsOf(
  source: ArraySource,
  part: PartMapping,
  rows: number,
  images: CanonicalImages,
  offset: number,
): Int32Array {
  const ids =
    part.imageIds === undefined
      ? images.id
      : idsOfTrials(source.read(part.imageIds).values, images, offset, {
          file: source.name,
          field: part.imageIds,
        })
  if (ids.length !== rows)
    throw invalidFile(
      source.name,
      part.array,
      `has ${rows} rows but there are ${ids.length} ${part.imageIds === undefined ? 'pictures' : 'image ids'}.`,
      'State the array with the image of each trial, or check the axes.',
    )
  requireKnown(ids, source, part, images)
  return ids
}

/** Numbers of pictures, or where these have names in the file (`origin`) the pictures of those names. */
function idsOfTrials(
  values: NumpyValues,
  { origin }: CanonicalImages,
  offset: number,
  place: Place,
): Int32Array {
  if (origin === undefined) return parseIds(values, place.file, place.field).map((id) => id + offset)
  if (offset === 0) return namedIds(values, origin, place)
  throw invalidFile(place.file, place.field, 'names pictures, which are not counted.', 'Leave idOffset out.')
}

/** Ids that no picture has are most often counted from 1 where the pictures count from 0. */
function requireKnown(
  ids: Int32Array,
  source: ArraySource,
  part: PartMapping,
  images: CanonicalImages,
): void {
  const known = new Set(images.id)
  const trial = ids.findIndex((id) => !known.has(id))
  if (trial < 0) return
  const range = (values: Int32Array): string =>
    `${values.reduce((a, b) => Math.min(a, b), Infinity)} to ${values.reduce((a, b) => Math.max(a, b), -Infinity)}`
  throw invalidFile(
    source.name,
    part.imageIds ?? part.array,
    `trial ${trial} shows image ${ids[trial]}, which does not exist: the ids here are ${range(ids)}, those of the images ${range(images.id)}.`,
    'Say whether the ids count from 1, or choose the array of image ids that belongs to these images.',
  )
}

/** Repeats in which every unit is missing were never shown: NaN padding, not data. */
function keepPresent(
  values: Float32Array,
  { rows, repeats, units, bins }: { rows: number; repeats: number; units: number; bins: number },
): { rows: number[]; values: Float32Array } {
  const each = units * bins
  const kept: number[] = []
  for (let row = 0; row < rows * repeats; row++) {
    const block = values.subarray(row * each, (row + 1) * each)
    if (repeats === 1 || block.some((value) => !Number.isNaN(value))) kept.push(row)
  }
  if (kept.length === rows * repeats) return { rows: kept, values }
  const out = new Float32Array(kept.length * each)
  kept.forEach((row, i) => out.set(values.subarray(row * each, (row + 1) * each), i * each))
  return { rows: kept, values: out }
}

function tiersOf(
  source: ArraySource,
  part: PartMapping,
  kept: readonly number[],
  rows: number,
  repeated: (row: number) => number,
  options: Options,
): Uint8Array {
  if (typeof part.tier === 'string')
    return new Uint8Array(kept.length).fill(TIERS[part.tier === 'final_test' ? 'finalTest' : part.tier])
  const { array, values: codes = options.tiers } = part.tier
  const { values, isBoolean } = source.read(array)
  const name = array.split('/').at(-1) ?? array
  const tiers = readTiers({ values, isBoolean, name }, source.name, codes)
  if (tiers.length !== rows)
    throw invalidFile(source.name, array, `has ${tiers.length} tiers, there are ${rows} rows.`)
  return Uint8Array.from(kept, (row) => tiers[repeated(row)] as number) // as long as the rows
}
