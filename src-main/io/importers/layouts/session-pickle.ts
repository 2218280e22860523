import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { ImportOptions } from '../../../../src-shared/schema/importer/importers.ts'
import type { CanonicalImages } from '../../canonical/set.ts'
import { TIERS } from '../../canonical/set.ts'
import { type FileTree, foldersIn, openTree, subtree, trackReads } from '../../formats/zip/file-tree.ts'
import { decodeNpy } from '../../formats/numpy/npy.ts'
import { decodePickle } from '../../formats/numpy/pickle.ts'
import type { PickledArray, PickleValue } from '../../formats/numpy/pickle-value.ts'
import { invalidFile, missingFile } from '../../formats/base/problem.ts'
import { permuteAxes } from '../../formats/numpy/row-major.ts'
import { idOffset, responseOrder, type ResponseOrder } from '../base/ids-and-axes.ts'
import type { ImportChoice, ImportedSession, ImportedSet, Layout } from '../base/importer.ts'
import { imageOf } from '../base/image-axes.ts'
import { joinImages } from '../base/trial-images.ts'
import { parseFloats, parseIds, repeatNumbers, unitNames } from '../base/trial-fields.ts'

type Options = ImportOptions<'session-pickle'>

const KNOWN_FIELDS = new Set(
  ['session_id', 'subject_id', 'unit_ids'].concat(
    ['training', 'testing'].flatMap((part) => [`${part}_responses`, `${part}_image_ids`, `${part}_labels`]),
  ),
)
const SESSION_FILE = /\.(pickle|pkl)$/i

/** The published monkey layout: `neuronal_data/<session>.pickle` and `images/[individual/]000000.npy`. */
export const sessionPickle: Layout<'session-pickle'> = {
  kind: 'session-pickle',
  detect: (path) => existsSync(join(path, 'neuronal_data')) && existsSync(join(path, 'images')),
  read: (path, options) => Promise.resolve(readSessions(path, options)),
}

function readSessions(path: string, options: Options): ImportedSet {
  const opened = new Set<string>()
  const tree = trackReads(openTree(path), opened)
  const images = readImages(tree, options)
  const folder = subtree(tree, options.sessionsFolder)
  const found = folder.files.filter(({ name }) => SESSION_FILE.test(name))
  const files = found.filter(({ name }) => !options.exclude.includes(name))
  if (files.length === 0)
    throw missingFile(folder.root, 'holds no .pickle files.', 'Choose the folder above neuronal_data.', [
      'sessionsFolder',
      'exclude',
    ])
  const raw = files.map(({ name }) => readRaw(folder, name, options.responseAxes))
  const shift = offsetOf(raw, new Set(images.id), options, folder.root)
  return {
    name: basename(path),
    origin: { files: files.map(({ name }) => name) },
    images,
    sessions: raw.map((session) => toSession(session, shift, options)),
    choices: [
      {
        what: 'Ids count from',
        value: shift === 0 ? '0' : '1',
        by: options.idsFrom === undefined && options.idOffset === undefined ? 'fit' : 'option',
      },
      ...raw.flatMap((session) => session.choices),
    ],
    seen: [...opened, ...found.map(({ name }) => folder.pathOf(name))],
    left: [
      ...raw.flatMap((session) => session.left),
      ...leftOut(
        'file',
        found.filter((file) => !files.includes(file)).map(({ name }) => name),
        {
          reason: 'it is to be left out (option exclude).',
        },
      ),
    ],
  }
}

/** Where the ids count from, over all sessions: one of them may never have seen the first image. */
function offsetOf(
  raw: readonly RawSession[],
  known: ReadonlySet<number>,
  options: Options,
  folder: string,
): 0 | -1 {
  const { idsFrom, idOffset: offset } = options
  if (idsFrom !== undefined && offset !== undefined && idsFrom !== -offset)
    throw new CotrainError({
      code: 'config-invalid',
      path: 'idOffset',
      message: `says ${offset}, idsFrom says ${idsFrom}.`,
      hint: 'Drop idOffset: -1 means the same as idsFrom: 1.',
      asks: ['idOffset', 'idsFrom'],
    })
  const stated = idsFrom ?? (offset === undefined ? undefined : offset === 0 ? 0 : 1)
  const ids = raw.flatMap(({ train, test }) => [...train.ids, ...test.ids])
  return idOffset(ids, known, stated, { file: folder, field: 'training_image_ids, testing_image_ids' })
}

interface RawSession {
  readonly path: string
  readonly id: string
  readonly subject: string
  readonly units: PickledArray | null
  readonly train: RawTrials
  readonly test: RawTrials
  readonly choices: readonly ImportChoice[]
  readonly left: readonly LeftOut[]
}

interface RawTrials {
  readonly ids: Int32Array
  /** [trials, units, bins]. */
  readonly responses: Float32Array
  readonly units: number
  readonly bins: number
  /** Order of a table's axes; null for the cube, which has one order. */
  readonly order: ResponseOrder | null
}

function readRaw(folder: FileTree, name: string, stated: ResponseOrder | undefined): RawSession {
  const path = folder.pathOf(name)
  const dict = decodePickle(folder.read(name), path)
  if (!(dict instanceof Map)) throw invalidFile(path, null, 'expected a dict of arrays.')
  const fields = dict as ReadonlyMap<string, PickleValue>
  const unused = [...fields.keys()].filter((key) => !KNOWN_FIELDS.has(key))
  const units = fields.get('unit_ids')
  const unitCount = isArray(units) ? units.values.length : null
  const train = readTrials(path, fields, 'training', { units: unitCount, stated })
  const test = readTrials(path, fields, 'testing', { units: unitCount ?? train.units, stated })
  return {
    path,
    id: String(scalar(fields.get('session_id')) ?? name.replace(SESSION_FILE, '')),
    subject: String(scalar(fields.get('subject_id')) ?? ''),
    units: isArray(units) ? units : null,
    train,
    test,
    left: [
      ...leftOut(
        'array',
        unused.filter((key) => /valid/i.test(key)),
        {
          severity: 'error',
          reason: `${name} holds trials of a split that the layout does not have.`,
          fix: 'Put these trials with the training trials; validation is drawn from them.',
        },
      ),
      ...leftOut(
        'array',
        unused.filter((key) => !/valid/i.test(key)),
        { reason: `the layout has no such field (${name}).` },
      ),
    ],
    choices:
      train.order === null
        ? []
        : [
            {
              what: 'Axes of the responses',
              value: train.order,
              by: stated === undefined ? 'fit' : 'option',
            },
          ],
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

/** Three axes are (units, bins, trials), as published; two are told by the number of trials and units. */
function readTrials(
  path: string,
  fields: ReadonlyMap<string, PickleValue>,
  part: 'training' | 'testing',
  sizes: { readonly units: number | null; readonly stated: ResponseOrder | undefined },
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
  const place = { file: path, field: `${part}_responses` }
  if (shape.length !== 3) {
    const order = responseOrder(shape, { trials: ids.length, ...sizes }, place)
    const isTurned = order === 'unit,trial'
    const units = shape[isTurned ? 0 : 1]! // two axes, see responseOrder
    return { ids, responses: isTurned ? permuteAxes(values, shape, [1, 0]) : values, units, bins: 1, order }
  }
  const [units, bins, trials] = shape as [number, number, number] // three axes
  if (trials !== ids.length || (sizes.units !== null && units !== sizes.units))
    throw invalidFile(
      path,
      place.field,
      `shape (${shape.join(', ')}) does not fit ${ids.length} image ids${sizes.units === null ? '' : ` and ${sizes.units} units`}.`,
      'Expected (units, bins, trials), or a table of trials and units.',
    )
  return { ids, responses: permuteAxes(values, shape, [2, 0, 1]), units, bins, order: null }
}

function toList(path: string, part: string, value: PickleValue | undefined): Float64Array {
  if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return Float64Array.from(value) // every item is a number
  throw invalidFile(path, `${part}_image_ids`, 'is missing or no list of numbers.')
}

function toSession(raw: RawSession, offset: number, options: Options): ImportedSession {
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
    subject: options.subject || raw.subject,
    area: '',
    species: options.species || 'macaque',
    responseKind: options.responseKind ?? 'counts',
    ...(options.binMs !== undefined && { binMs: options.binMs }),
    ...(options.t0Ms !== undefined && { t0Ms: options.t0Ms }),
    trials: { imageId, tier, repeat: repeatNumbers(imageId) },
    units: { id: unitNames(raw.units?.values ?? null, train.units) },
    responses,
    bins: train.bins,
  }
}

function readImages(tree: FileTree, options: Options): CanonicalImages {
  const folder =
    options.imagesFolder ??
    (foldersIn(tree, 'images').includes('individual') ? 'images/individual' : 'images')
  const below = subtree(tree, folder)
  const files = below.files.filter(({ name }) => /^\d+\.npy$/i.test(name))
  if (files.length === 0)
    throw missingFile(below.root, 'holds no images such as 000000.npy.', 'State the folder of the images.', [
      'imagesFolder',
    ])
  const images = files.map(({ name }) => {
    const { shape, values } = decodeNpy(below.read(name), below.pathOf(name))
    const pixels = values instanceof Uint8Array ? values : parseFloats(values, below.pathOf(name), 'pixels')
    return imageOf(pixels, shape, { file: below.pathOf(name), field: 'pixels' }, options.imageAxes)
  })
  const odd = images.findIndex(({ data }) => data.length !== images[0]?.data.length)
  if (odd >= 0)
    throw invalidFile(below.pathOf(files[odd]?.name ?? ''), null, 'has another size than the first image.')
  const id = parseIds(
    files.map(({ name }) => name.slice(0, -'.npy'.length)),
    below.root,
    'names of the images',
  )
  return { ...joinImages(images, below.root, options), id, origin: files.map(({ name }) => name) }
}
