import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { CanonicalImages, CanonicalSession, CanonicalSet } from '../canonical/set.ts'
import { TIERS } from '../canonical/set.ts'
import { type FileTree, foldersIn, openTree, subtree } from '../formats/file-tree.ts'
import { decodeNpy } from '../formats/npy.ts'
import { decodePickle } from '../formats/pickle.ts'
import type { PickledArray, PickleValue } from '../formats/pickle-value.ts'
import { invalidFile, missingFile } from '../formats/problem.ts'
import { permuteAxes } from '../formats/row-major.ts'
import type { CommonOptions, Importer } from './importer.ts'
import { joinPictures, pictureOf } from './trial-images.ts'
import { parseFloats, parseIds, repeatNumbers, unitNames } from './trial-fields.ts'

export interface SessionPickleOptions extends CommonOptions {
  /** Folder with one pickle a session. */
  readonly sessionsFolder?: string
  /** Folder with the pictures, one .npy each, named by number. */
  readonly imagesFolder?: string
  /** Added to the ids of the session files: -1 where they count from 1 (PlosCB19). Found out when not given. */
  readonly idOffset?: 0 | -1
  /** Session files to leave out. */
  readonly exclude?: readonly string[]
}

/** nnvision skips this file by name. */
const DEFAULT_EXCLUDE = ['CSRF19_V4_3653663964522.pickle']
const SESSION_FILE = /\.(pickle|pkl)$/

/** The published monkey layout: `neuronal_data/<session>.pickle` and `images/[individual/]000000.npy`. */
export const sessionPickle: Importer<SessionPickleOptions> = {
  kind: 'session-pickle',
  detect: (path) => existsSync(join(path, 'neuronal_data')) && existsSync(join(path, 'images')),
  read: (path, options) => Promise.resolve(readSessions(path, options)),
}

function readSessions(path: string, options: SessionPickleOptions): CanonicalSet {
  const tree = openTree(path)
  const { images, offset } = readImages(tree, options)
  const exclude = options.exclude ?? DEFAULT_EXCLUDE
  const folder = subtree(tree, options.sessionsFolder ?? 'neuronal_data')
  const files = folder.files.filter(({ name }) => SESSION_FILE.test(name) && !exclude.includes(name))
  if (files.length === 0)
    throw missingFile(folder.root, 'holds no .pickle files.', 'Choose the folder above neuronal_data.')
  const raw = files.map(({ name }) => readRaw(folder, name))
  const shift = options.idOffset ?? offset(raw)
  const sessions = raw.map((session) => toCanonical(session, shift, options))
  return {
    name: options.name ?? basename(path),
    provenance: {
      importer: 'session-pickle',
      idOffset: shift,
      files: files.map(({ name }) => name),
      ...options,
    },
    images,
    sessions,
  }
}

interface RawSession {
  readonly path: string
  readonly id: string
  readonly subject: string
  readonly units: PickledArray | null
  readonly train: RawTrials
  readonly test: RawTrials
}

interface RawTrials {
  readonly ids: Int32Array
  /** [trials, units, bins]. */
  readonly responses: Float32Array
  readonly units: number
  readonly bins: number
}

function readRaw(folder: FileTree, name: string): RawSession {
  const path = folder.pathOf(name)
  const dict = decodePickle(folder.read(name), path)
  if (!(dict instanceof Map)) throw invalidFile(path, null, 'expected a dict of arrays.')
  const fields = dict as ReadonlyMap<string, PickleValue>
  const units = fields.get('unit_ids')
  return {
    path,
    id: String(scalar(fields.get('session_id')) ?? name.replace(SESSION_FILE, '')),
    subject: String(scalar(fields.get('subject_id')) ?? ''),
    units: isArray(units) ? units : null,
    train: readTrials(path, fields, 'training'),
    test: readTrials(path, fields, 'testing'),
  }
}

const isArray = (value: PickleValue | undefined): value is PickledArray =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'ndarray'

const scalar = (value: PickleValue | undefined): string | number | undefined =>
  typeof value === 'string' || typeof value === 'number'
    ? value
    : isArray(value) && value.values.length === 1
      ? value.values[0]
      : undefined

/** Three axes are (units, bins, trials); two are (trials, units). */
function readTrials(
  path: string,
  fields: ReadonlyMap<string, PickleValue>,
  part: 'training' | 'testing',
): RawTrials {
  const responses = fields.get(`${part}_responses`)
  const idField = fields.get(`${part}_image_ids`)
  if (!isArray(responses)) throw invalidFile(path, `${part}_responses`, 'is missing or no array.')
  const ids = parseIds(
    isArray(idField) ? idField.values : toList(path, part, idField),
    path,
    `${part}_image_ids`,
  )
  const values = parseFloats(responses.values, path, `${part}_responses`)
  const { shape } = responses
  const cube =
    shape.length === 3
      ? { units: shape[0], bins: shape[1], trials: shape[2], values: permuteAxes(values, shape, [2, 0, 1]) }
      : { units: shape[1], bins: 1, trials: shape[0], values }
  if (shape.length < 2 || shape.length > 3 || cube.trials !== ids.length)
    throw invalidFile(
      path,
      `${part}_responses`,
      `shape (${shape.join(', ')}) does not fit ${ids.length} image ids.`,
      'Expected (units, bins, trials) or (trials, units).',
    )
  return { ids, responses: cube.values, units: cube.units as number, bins: cube.bins as number } // 2 or 3 axes, see above
}

function toList(path: string, part: string, value: PickleValue | undefined): Float64Array {
  if (Array.isArray(value) && value.every((item) => typeof item === 'number'))
    return Float64Array.from(value as number[]) // every item is a number
  throw invalidFile(path, `${part}_image_ids`, 'is missing or no list of numbers.')
}

function toCanonical(raw: RawSession, offset: number, options: SessionPickleOptions): CanonicalSession {
  const { train, test } = raw
  if (train.units !== test.units || train.bins !== test.bins)
    throw invalidFile(
      raw.path,
      'testing_responses',
      `has ${test.units} units and ${test.bins} bins, training_responses has ${train.units} and ${train.bins}.`,
    )
  const imageId = Int32Array.from([...train.ids, ...test.ids], (id) => id + offset)
  const responses = new Float32Array(train.responses.length + test.responses.length)
  responses.set(train.responses)
  responses.set(test.responses, train.responses.length)
  const tier = new Uint8Array(imageId.length).fill(TIERS.test, train.ids.length)
  return {
    key: raw.id,
    subject: options.subject ?? raw.subject,
    area: (options.area ?? 'v1').toUpperCase(),
    species: options.species ?? 'macaque',
    responseKind: options.responseKind ?? 'counts',
    ...(options.binMs !== undefined && { binMs: options.binMs }),
    ...(options.t0Ms !== undefined && { t0Ms: options.t0Ms }),
    trials: { imageId, tier, repeat: repeatNumbers(imageId) },
    units: { id: unitNames(raw.units?.values ?? null, train.units) },
    responses,
    bins: train.bins,
  }
}

function readImages(
  tree: FileTree,
  options: SessionPickleOptions,
): { images: CanonicalImages; offset: (raw: readonly RawSession[]) => 0 | -1 } {
  const folder =
    options.imagesFolder ??
    (foldersIn(tree, 'images').includes('individual') ? 'images/individual' : 'images')
  const below = subtree(tree, folder)
  const files = below.files.filter(({ name }) => /^\d+\.npy$/.test(name))
  if (files.length === 0)
    throw missingFile(
      below.root,
      'holds no pictures such as 000000.npy.',
      'State the folder of the pictures.',
    )
  const pictures = files.map(({ name }) => {
    const { shape, values } = decodeNpy(below.read(name), below.pathOf(name))
    const pixels = values instanceof Uint8Array ? values : parseFloats(values, below.pathOf(name), 'pixels')
    return pictureOf(pixels, shape, below.pathOf(name))
  })
  const odd = pictures.findIndex(({ data }) => data.length !== pictures[0]?.data.length)
  if (odd >= 0)
    throw invalidFile(below.pathOf(files[odd]?.name ?? ''), null, 'has another size than the first picture.')
  const id = Int32Array.from(files, ({ name }) => Number(name.slice(0, -'.npy'.length)))
  const known = new Set(id)
  const images = { ...joinPictures(pictures), id, origin: files.map(({ name }) => name) }
  return { images, offset: (raw) => findOffset(raw, known) }
}

/** Ids count from 1 when one of them lies just beyond the last picture and shifting brings all of them to pictures. */
function findOffset(raw: readonly RawSession[], known: ReadonlySet<number>): 0 | -1 {
  const ids = raw.flatMap(({ train, test }) => [...train.ids, ...test.ids])
  if (ids.every((id) => known.has(id))) return 0
  return ids.every((id) => known.has(id - 1)) ? -1 : 0
}
