import type { PartMapping, SessionMapping } from '../../../../src-shared/schema/importer/array-mapping.ts'
import type { ImportOptions } from '../../../../src-shared/schema/importer/importers.ts'
import type { CanonicalImages } from '../../canonical/set.ts'
import { TIERS } from '../../canonical/set.ts'
import type { NumpyValues } from '../../formats/numpy/numpy-dtype.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { ArraySource } from './array-source.ts'
import type { Place } from '../base/ids-and-axes.ts'
import type { ImportedSession } from '../base/importer.ts'
import { namedIds } from './named-ids.ts'
import { ordered } from './ordered-array.ts'
import { readTiers } from '../base/tiers.ts'
import { parseFloats, parseIds, repeatNumbers, unitNames } from '../base/trial-fields.ts'

type Options = ImportOptions<'arrays'>

/** What to add to the image ids of each part. */
export type Offsets = ReadonlyMap<PartMapping, number>

interface Trials {
  readonly imageId: Int32Array
  readonly tier: Uint8Array
  /** [trials, units, bins]. */
  readonly responses: Float32Array
  readonly units: number
  readonly bins: number
}

/** The session of a mapping: its parts one after the other. */
export function readSession(
  source: ArraySource,
  mapping: SessionMapping,
  images: CanonicalImages,
  offsets: Offsets,
  options: Options,
): ImportedSession {
  const parts = mapping.parts.map((part) => readPart(source, part, images, offsets.get(part) ?? 0, options))
  const first = parts[0]! // the schema asks for one part at least
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
    rows: rows!,
    repeats: repeats,
    units: units!,
    bins: bins!,
  } // sizes has one entry a letter
  const imageIds = idsOf(source, part, all.rows, images, offset)
  const kept = keepPresent(floats, all)
  const repeated = (row: number): number => Math.floor(row / all.repeats)
  return {
    imageId: Int32Array.from(kept.rows, (row) => imageIds[repeated(row)]!), // as long as the rows
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
      `has ${rows} rows but there are ${ids.length} ${part.imageIds === undefined ? 'images' : 'image ids'}.`,
      'State the array with the image of each trial, or check the axes.',
    )
  requireKnown(ids, source, part, images)
  return ids
}

/** Numbers of images, or where these have names in the file (`origin`) the images of those names. */
function idsOfTrials(
  values: NumpyValues,
  { origin }: CanonicalImages,
  offset: number,
  place: Place,
): Int32Array {
  if (origin === undefined) return parseIds(values, place.file, place.field).map((id) => id + offset)
  if (offset === 0) return namedIds(values, origin, place)
  throw invalidFile(place.file, place.field, 'names images, which are not counted.', 'Leave idOffset out.')
}

/** Ids that no image has are most often counted from 1 where the images count from 0. */
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
    ['idsFrom'],
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
  return Uint8Array.from(kept, (row) => tiers[repeated(row)]!) // as long as the rows
}
