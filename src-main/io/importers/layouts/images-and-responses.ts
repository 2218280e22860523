import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { ImportOptions } from '../../../../src-shared/schema/importer/importers.ts'
import type { CanonicalImages } from '../../canonical/set.ts'
import { TIERS } from '../../canonical/set.ts'
import { type FileTree, openTree } from '../../formats/zip/file-tree.ts'
import { type NpyArray, readNpy } from '../../formats/numpy/npy.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { permuteAxes } from '../../formats/numpy/row-major.ts'
import { decodedImages } from '../../images/sources/decoded-images.ts'
import type { Fit } from '../../images/decode/fit.ts'
import { type ImageEntry, imageEntries } from '../../images/sources/image-entry.ts'
import { chosenSessions } from './chosen-sessions.ts'
import { type FoundSession, findSessions } from './found-sessions.ts'
import { type ResponseOrder, responseOrder } from '../base/ids-and-axes.ts'
import type { CountDone, ImportChoice, ImportedSession, ImportedSet, Layout } from '../base/importer.ts'
import { compareNatural } from '../base/natural-order.ts'
import { stackLetters, stackOf } from '../base/image-axes.ts'
import { describePixels } from '../base/trial-images.ts'
import { areaInName, parseFloats, repeatNumbers } from '../base/trial-fields.ts'

type Options = ImportOptions<'images-and-responses'>

/** A zip or folder of images beside a .npy of responses: image i in natural order belongs to column i. */
export const imagesAndResponses: Layout<'images-and-responses'> = {
  kind: 'images-and-responses',
  detect: (path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && findSessions(path).length > 0,
  read: readPair,
}

/** All sessions of the folder as one set; those with the same images share them, others are numbered one after the other. */
async function readPair(
  path: string,
  options: Options,
  workFolder: string,
  onDecoded?: CountDone,
): Promise<ImportedSet> {
  const found = chosenSessions(path, options)
  const shown = await readAllImages(found, options, { cacheFolder: workFolder, onProgress: onDecoded })
  const sessions = found.map(({ key, images, responses }) => {
    const { first, count } = shown.places.get(images)! // of every session, see above
    const blocks = responses.map((file) => readBlock(file, count, options.responseAxes))
    const area = areaInName(key) ?? areaInName(basename(path)) ?? ''
    const session = toSession(key, blocks, responses, first, { options, area })
    return { session, choices: blocks.flatMap((block) => block.choices) }
  })
  const files = found.map(({ images: file, responses }) => ({
    images: basename(file),
    responses: responses.map((name) => basename(name)),
  }))
  return {
    name: found.length === 1 ? (found[0]?.key ?? '') : basename(path),
    origin: { files },
    images: shown.images,
    sessions: sessions.map(({ session }) => session),
    choices: [...shown.choices, ...sessions.flatMap(({ choices }) => choices)],
    seen: [...shown.seen, ...found.flatMap(({ responses }) => responses)],
  }
}

/** Images of one zip, folder or array among those of the set. */
interface Place {
  readonly first: number
  readonly count: number
}

interface Images extends Stack {
  readonly places: ReadonlyMap<string, Place>
  readonly seen: readonly string[]
}

interface Decoding {
  readonly cacheFolder: string
  readonly onProgress: CountDone | undefined
}

async function readAllImages(
  found: readonly FoundSession[],
  options: Options,
  decoding: Decoding,
): Promise<Images> {
  const files = [...new Set(found.map(({ images }) => images))]
  const [only = ''] = files
  if (files.length === 1 && /\.npy$/i.test(only)) {
    const stack = readStack({ images: only, responses: found.flatMap(({ responses }) => responses) }, options)
    return { ...stack, places: new Map([[only, { first: 0, count: stack.images.id.length }]]), seen: files }
  }
  const trees = files.map((file) => openTree(file))
  try {
    const named = trees.map(imagesOf)
    const places = new Map<string, Place>()
    let first = 0
    for (const [i, file] of files.entries()) {
      const count = named[i]?.length ?? 0
      places.set(file, { first, count })
      first += count
    }
    const images = await readImages(named.flat(), options.fit, decoding)
    return {
      images,
      choices: [],
      places,
      seen: [...files, ...named.flat().map(({ entry }) => entry.path)],
    }
  } finally {
    trees.forEach((tree) => tree.close())
  }
}

interface Stack {
  readonly images: CanonicalImages
  readonly choices: readonly ImportChoice[]
}

/** Images of one array: their axis is the one that the responses have too. */
function readStack(
  { images: file, responses }: Pick<FoundSession, 'images' | 'responses'>,
  options: Options,
): Stack {
  const { imageAxes } = options
  const { shape, values } = readNpy(file)
  const lengths = responses.map((name) => readNpy(name).shape)
  const isCount = (size: number): boolean => lengths.every((axes) => axes.includes(size))
  const letters = stackLetters(shape, isCount, imageAxes, { file, field: 'images' })
  const pixels = values instanceof Uint8Array ? values : parseFloats(values, file, 'images')
  const { count, image } = stackOf(pixels, shape, letters)
  return {
    images: {
      ...describePixels(image.data, image, file, options),
      id: Int32Array.from({ length: count }, (_, i) => i),
    },
    choices: [{ what: 'Axes of the images', value: letters, by: imageAxes === undefined ? 'fit' : 'option' }],
  }
}

interface NamedImage {
  readonly name: string
  readonly entry: ImageEntry
}

function imagesOf(tree: FileTree): NamedImage[] {
  const found = imageEntries(tree).sort((a, b) => compareNatural(a.name, b.name))
  if (found.length === 0) throw invalidFile(tree.root, null, 'holds no images.')
  return found
}

async function readImages(
  found: readonly NamedImage[],
  fit: Fit | undefined,
  { cacheFolder, onProgress }: Decoding,
): Promise<CanonicalImages> {
  const entries = found.map(({ entry }) => entry)
  const source = await decodedImages(entries, {
    cacheFolder,
    ...(fit && { fit }),
    ...(onProgress && { onProgress }),
  })
  return {
    source,
    id: Int32Array.from(entries, (_, i) => i),
    origin: found.map(({ name }) => name),
  }
}

interface Block {
  readonly units: number
  readonly repeats: number
  /** [images, repeats, units]. */
  readonly values: Float32Array
  readonly choices: readonly ImportChoice[]
}

/** (units, images[, repeats]) as the labs publish, or (images, units[, repeats]), told by the number of images. */
function readBlock(file: string, images: number, stated: ResponseOrder | undefined): Block {
  const array: NpyArray = readNpy(file)
  const values = parseFloats(array.values, file, 'responses')
  const { shape } = array
  const [a = 0, b = 0, repeats = 1] = shape
  if (shape.length === 1 && a === images) return { units: 1, repeats: 1, values, choices: [] }
  if (shape.length !== 2 && shape.length !== 3)
    throw invalidFile(
      file,
      null,
      `shape (${shape.join(', ')}) does not fit ${images} images.`,
      'Expected (units, images) or (units, images, repeats).',
    )
  const place = { file, field: 'responses' }
  if (stated === undefined && shape.length === 3 && repeats === images)
    throw invalidFile(
      file,
      place.field,
      `shape (${shape.join(', ')}) has as many repeats as there are images: their axis is not certain.`,
      'Say it with the option responseAxes: "unit,trial" for (units, images, repeats), "trial,unit" for (images, units, repeats).',
      ['responseAxes'],
    )
  const order = responseOrder([a, b], { trials: images, units: null, stated }, place)
  const isTurned = order === 'unit,trial'
  const full = [a, b, repeats]
  return {
    units: isTurned ? a : b,
    repeats,
    values: permuteAxes(values, full, isTurned ? [1, 2, 0] : [0, 2, 1]),
    choices: [{ what: 'Axes of the responses', value: order, by: stated === undefined ? 'fit' : 'option' }],
  }
}

/** A trial per image and repeat; a repeat in which all units are NaN was not shown. */
function toSession(
  key: string,
  blocks: readonly Block[],
  files: readonly string[],
  firstImage: number,
  { options, area }: { readonly options: Options; readonly area: string },
): ImportedSession {
  const first = blocks[0]! // there is one response file at least
  const odd = blocks.findIndex(({ repeats }) => repeats !== first.repeats)
  if (odd >= 0)
    throw invalidFile(files[odd] ?? '', null, 'has another number of repeats than the first file.')
  const units = blocks.reduce((sum, block) => sum + block.units, 0)
  const rows = first.values.length / first.units
  const all = new Float32Array(rows * units)
  for (let row = 0; row < rows; row++) {
    let at = row * units
    for (const block of blocks) {
      all.set(block.values.subarray(row * block.units, (row + 1) * block.units), at)
      at += block.units
    }
  }
  const shown = Array.from({ length: rows }, (_, row) => row).filter(
    (row) =>
      first.repeats === 1 ||
      all.subarray(row * units, (row + 1) * units).some((value) => !Number.isNaN(value)),
  )
  const responses = new Float32Array(shown.length * units)
  shown.forEach((row, i) => responses.set(all.subarray(row * units, (row + 1) * units), i * units))
  const imageId = Int32Array.from(shown, (row) => firstImage + Math.floor(row / first.repeats))
  return {
    key,
    subject: options.subject,
    area: options.area === undefined ? area : '',
    species: options.species,
    responseKind: options.responseKind ?? null,
    ...(options.binMs !== undefined && { binMs: options.binMs }),
    ...(options.t0Ms !== undefined && { t0Ms: options.t0Ms }),
    trials: {
      imageId,
      tier: new Uint8Array(imageId.length).fill(TIERS.pool),
      repeat: repeatNumbers(imageId),
    },
    units: { id: unitIds(blocks, files) },
    responses,
    bins: 1,
  }
}

/** Numbered where one file holds all units; by file where each file is a unit. */
function unitIds(blocks: readonly Block[], files: readonly string[]): string[] {
  return blocks.flatMap((block, file) => {
    const stem = basename(files[file] ?? '', '.npy')
    return Array.from({ length: block.units }, (_, unit) =>
      blocks.length === 1 ? String(unit) : block.units === 1 ? stem : `${stem}-${unit}`,
    )
  })
}
