import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ImportOptions } from '../../../../src-shared/schema/importer/importers.ts'
import { TIERS } from '../../canonical/set.ts'
import { readNpy } from '../../formats/numpy/npy.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { ImportedSession, ImportedSet, Layout } from '../base/importer.ts'
import type { Image } from '../base/trial-images.ts'
import { collapseImages } from '../base/trial-images.ts'
import { areaInName, parseFloats, repeatNumbers, unitNames } from '../base/trial-fields.ts'

/** Grey levels are stored times this factor in the published files of Antolik et al. 2016. */
const STORED_SCALE = 1e-6

/**
 * Folders with flat images and responses, as published with Antolik, Hofer, Bednar & Mrsic-Flogel (2016): of each region
 * `training_inputs` (images x pixels), `training_set` (images x units), `validation_inputs`, and `raw_validation_set`
 * (repeats x images x units) or its mean `validation_set`, as .npy. Validation images are the repeated ones: they test.
 */
type Options = ImportOptions<'stimulus-tables'>

export const stimulusTables: Layout<'stimulus-tables'> = {
  kind: 'stimulus-tables',
  detect: (path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && regionsOf(path).length > 0,
  read: (path, options) => Promise.resolve(readRegions(path, options)),
}

const TABLES = [
  { inputs: 'training_inputs.npy', responses: ['training_set.npy'], tier: TIERS.pool },
  {
    inputs: 'validation_inputs.npy',
    responses: ['raw_validation_set.npy', 'validation_set.npy'],
    tier: TIERS.test,
  },
] as const

interface Table {
  /** Files of the images and of the responses. */
  readonly inputs: string
  readonly file: string
  readonly images: readonly Image[]
  /** [rows, units] of the images in order, once for each repeat. */
  readonly responses: Float32Array
  readonly units: number
  readonly repeats: number
  readonly tier: number
}

function regionsOf(path: string): string[] {
  const holds = (folder: string): boolean =>
    TABLES.some(
      ({ inputs, responses }) =>
        existsSync(join(folder, inputs)) && responses.some((name) => existsSync(join(folder, name))),
    )
  if (holds(path)) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(path, name))
    .sort()
    .filter(holds)
}

function readRegions(path: string, options: Options): ImportedSet {
  const regions = regionsOf(path).map((folder) => ({ folder, tables: tablesOf(folder) }))
  const stored = regions.flatMap(({ tables }) => tables.flatMap((table) => table.images))
  const { images, imageId } = collapseImages(
    stored.length,
    (i) => stored[i]!, // i < length
    null,
    path,
    options,
  )
  const area = options.area === undefined ? (areaInName(basename(path)) ?? '') : ''
  let first = 0
  const sessions = regions.map(({ folder, tables }) => {
    const count = tables.reduce((n, table) => n + table.images.length, 0)
    const session = toSession(folder, tables, imageId.subarray(first, first + count), options, area)
    first += count
    return session
  })
  return {
    name: basename(path),
    images,
    sessions,
    seen: regions.flatMap(({ tables }) => tables.flatMap(({ inputs, file }) => [inputs, file])),
  }
}

function tablesOf(folder: string): Table[] {
  return TABLES.flatMap(({ inputs, responses, tier }) => {
    const found = responses.map((name) => join(folder, name)).find((file) => existsSync(file))
    const file = join(folder, inputs)
    return found !== undefined && existsSync(file) ? [readTable(file, found, tier)] : []
  })
}

function readTable(inputs: string, file: string, tier: number): Table {
  const images = flatImages(inputs)
  const { shape, values } = readNpy(file)
  const [repeats, rows, units] = shape.length === 2 ? [1, ...shape] : shape
  if (shape.length < 2 || shape.length > 3 || rows !== images.length || !units || !repeats)
    throw invalidFile(
      file,
      null,
      `shape (${shape.join(', ')}) does not fit the ${images.length} images of ${basename(inputs)}.`,
      'Expected (images, units) or (repeats, images, units).',
    )
  return { inputs, file, images, responses: parseFloats(values, file, 'responses'), units, repeats, tier }
}

/** Square images, one a row; bytes where the values are whole grey levels. */
function flatImages(file: string): Image[] {
  const { shape, values } = readNpy(file)
  const [count = 0, size = 0] = shape
  const side = Math.sqrt(size)
  if (shape.length !== 2 || !Number.isInteger(side) || side === 0)
    throw invalidFile(
      file,
      null,
      `shape (${shape.join(', ')}) is no table of square images.`,
      'Use (images, pixels).',
    )
  const floats = parseFloats(values, file, 'images')
  const top = floats.reduce((most, value) => Math.max(most, value), 0)
  const factor = top <= 255.5 * STORED_SCALE ? 1 / STORED_SCALE : 1
  const levels = floats.map((value) => value * factor)
  const areBytes = levels.every(
    (value) => value > -0.5 && value < 255.5 && Math.abs(value - Math.round(value)) < 1e-3,
  )
  const pixels = areBytes ? Uint8Array.from(levels, Math.round) : levels
  return Array.from({ length: count }, (_, i) => ({
    height: side,
    width: side,
    channels: 1,
    data: pixels.slice(i * size, (i + 1) * size),
  }))
}

function toSession(
  folder: string,
  tables: readonly Table[],
  imageIds: Int32Array,
  options: Options,
  area: string,
): ImportedSession {
  const first = tables[0]! // a region has one at least
  const odd = tables.find(({ units }) => units !== first.units)
  if (odd)
    throw invalidFile(odd.file, null, `has ${odd.units} units, ${basename(first.file)} has ${first.units}.`)
  const imageId: number[] = []
  const tier: number[] = []
  let start = 0
  for (const { images, repeats, tier: own } of tables) {
    const ids = imageIds.subarray(start, start + images.length)
    start += images.length
    for (let repeat = 0; repeat < repeats; repeat++) {
      imageId.push(...ids)
      tier.push(...Array.from(ids, () => own))
    }
  }
  const responses = new Float32Array(imageId.length * first.units)
  tables.reduce((at, table) => (responses.set(table.responses, at), at + table.responses.length), 0)
  const shown = Int32Array.from(imageId)
  return {
    key: basename(folder),
    subject: options.subject,
    area,
    species: options.species,
    responseKind: options.responseKind ?? null,
    ...(options.binMs !== undefined && { binMs: options.binMs }),
    ...(options.t0Ms !== undefined && { t0Ms: options.t0Ms }),
    trials: { imageId: shown, tier: Uint8Array.from(tier), repeat: repeatNumbers(shown) },
    units: { id: unitNames(null, first.units) },
    responses,
    bins: 1,
  }
}
