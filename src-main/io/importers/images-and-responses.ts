import { existsSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { ImportOptions } from '../../../src-shared/schema/importer/importers.ts'
import type { CanonicalImages } from '../canonical/set.ts'
import { TIERS } from '../canonical/set.ts'
import { type FileTree, openTree } from '../formats/file-tree.ts'
import { type NpyArray, readNpy } from '../formats/npy.ts'
import { invalidFile, missingFile } from '../formats/problem.ts'
import { permuteAxes } from '../formats/row-major.ts'
import { decodedImages } from '../images/decoded-images.ts'
import type { Fit } from '../images/fit.ts'
import { type ImageEntry, imageEntries } from '../images/image-entry.ts'
import { type FoundSession, findSessions } from './found-sessions.ts'
import { type ResponseOrder, responseOrder } from './ids-and-axes.ts'
import type { ImportChoice, ImportedSession, ImportedSet, Layout } from './importer.ts'
import { compareNatural } from './natural-order.ts'
import { stackLetters, stackOf } from './picture-axes.ts'
import { describePixels } from './trial-images.ts'
import { areaInName, parseFloats, repeatNumbers } from './trial-fields.ts'

type Options = ImportOptions<'images-and-responses'>

/** A zip or folder of pictures beside a .npy of responses: picture i in natural order belongs to column i. */
export const imagesAndResponses: Layout<'images-and-responses'> = {
  kind: 'images-and-responses',
  detect: (path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && findSessions(path).length > 0,
  read: readPair,
}

/** All sessions of the folder as one set; each keeps its own pictures, numbered one session after the other. */
async function readPair(path: string, options: Options, workFolder: string): Promise<ImportedSet> {
  const found = choose(path, options)
  const stack =
    found.length === 1 && found[0]?.images.toLowerCase().endsWith('.npy')
      ? readStack(found[0], options)
      : null
  const trees = stack === null ? found.map(({ images }) => openTree(images)) : []
  try {
    const pictures = trees.map(picturesOf)
    const images =
      stack === null ? await readPictures(pictures.flat(), options.fit, workFolder) : stack.images
    let first = 0
    const sessions = found.map(({ key, responses }, i) => {
      const count = pictures[i]?.length ?? images.id.length
      const blocks = responses.map((file) => readBlock(file, count, options.responseAxes))
      const session = toSession(key, blocks, responses, first, {
        options,
        area: areaInName(basename(path)) ?? '',
      })
      first += count
      return { session, choices: blocks.flatMap((block) => block.choices) }
    })
    const files = found.map(({ images: file, responses }) => ({
      images: basename(file),
      responses: responses.map((name) => basename(name)),
    }))
    return {
      name: found.length === 1 ? (found[0]?.key ?? '') : basename(path),
      origin: { files },
      images,
      sessions: sessions.map(({ session }) => session),
      choices: [...(stack?.choices ?? []), ...sessions.flatMap(({ choices }) => choices)],
    }
  } finally {
    trees.forEach((tree) => tree.close())
  }
}

interface Stack {
  readonly images: CanonicalImages
  readonly choices: readonly ImportChoice[]
}

/** Pictures of one array: their axis is the one that the responses have too. */
function readStack({ images: file, responses }: FoundSession, options: Options): Stack {
  const { imageAxes } = options
  const { shape, values } = readNpy(file)
  const lengths = responses.map((name) => readNpy(name).shape)
  const isCount = (size: number): boolean => lengths.every((axes) => axes.includes(size))
  const letters = stackLetters(shape, isCount, imageAxes, { file, field: 'pictures' })
  const pixels = values instanceof Uint8Array ? values : parseFloats(values, file, 'pictures')
  const { count, picture } = stackOf(pixels, shape, letters)
  return {
    images: {
      ...describePixels(picture.data, picture, file, options),
      id: Int32Array.from({ length: count }, (_, i) => i),
    },
    choices: [
      { what: 'Axes of the pictures', value: letters, by: imageAxes === undefined ? 'fit' : 'option' },
    ],
  }
}

function choose(path: string, options: Options): FoundSession[] {
  const place = (file: string): string => resolve(path, file)
  if (options.images !== undefined && options.responses !== undefined)
    return [
      {
        key: options.session ?? basename(options.responses[0] ?? path, '.npy'),
        images: place(options.images),
        responses: options.responses.map(place),
      },
    ]
  if (!existsSync(path)) throw missingFile(path, 'no such folder.')
  const named = findSessions(path)
  const found =
    options.images === undefined
      ? named
      : named.slice(0, 1).map((one) => ({ ...one, images: place(options.images ?? '') }))
  const chosen = options.session === undefined ? found : found.filter(({ key }) => key === options.session)
  if (chosen.length > 0) return chosen
  const keys = found.map(({ key }) => key).join(', ')
  throw invalidFile(
    path,
    null,
    'no pictures with responses of the same name were found.',
    keys ? `Sessions: ${keys}.` : 'State the file of the pictures and the file of the responses.',
  )
}

interface NamedPicture {
  readonly name: string
  readonly entry: ImageEntry
}

function picturesOf(tree: FileTree): NamedPicture[] {
  const found = imageEntries(tree).sort((a, b) => compareNatural(a.name, b.name))
  if (found.length === 0) throw invalidFile(tree.root, null, 'holds no pictures.')
  return found
}

async function readPictures(
  found: readonly NamedPicture[],
  fit: Fit | undefined,
  workFolder: string,
): Promise<CanonicalImages> {
  const entries = found.map(({ entry }) => entry)
  const source = await decodedImages(entries, { cacheFolder: workFolder, ...(fit && { fit }) })
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

/** (units, images[, repeats]) as the labs publish, or (images, units[, repeats]), told by the number of pictures. */
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
      `shape (${shape.join(', ')}) does not fit ${images} pictures.`,
      'Expected (units, images) or (units, images, repeats).',
    )
  const place = { file, field: 'responses' }
  if (stated === undefined && shape.length === 3 && repeats === images)
    throw invalidFile(
      file,
      place.field,
      `shape (${shape.join(', ')}) has as many repeats as there are pictures: their axis is not certain.`,
      'Say it with the option responseAxes: "unit,trial" for (units, pictures, repeats), "trial,unit" for (pictures, units, repeats).',
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
  const [first] = blocks as [Block, ...Block[]] // there is one response file at least
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
