import { basename } from 'node:path'
import { type Hdf5File, openHdf5, type Range } from '../../formats/hdf5/hdf5.ts'
import type { Trials } from '../../canonical/set.ts'
import type { NumpyValues } from '../../formats/numpy/numpy-dtype.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { permuteAxes } from '../../formats/numpy/row-major.ts'
import type { ImportOptions } from '../../../../src-shared/schema/importer/importers.ts'
import { leftOut } from '../../../../src-shared/contract/account.ts'
import { listHdf5 } from '../mapped/array-source.ts'
import { responseOrder } from '../base/ids-and-axes.ts'
import type { ImportChoice, ImportedSet, Layout } from '../base/importer.ts'
import { imageOf, stackLetters } from '../base/image-axes.ts'
import { collapseImages, type Image } from '../base/trial-images.ts'
import { countingIds, parseFloats, repeatNumbers, unitNames } from '../base/trial-fields.ts'
import { readTiers } from '../base/tiers.ts'

/** neuralpredictors' static HDF5: images, responses, tiers, behavior, pupil_center with trials first; groups item_info, neurons. */
export const staticHdf5: Layout<'static-hdf5'> = {
  kind: 'static-hdf5',
  detect: (path) => /\.(h5|hdf5?|he5|nc4?)$/i.test(path),
  async read(path, options) {
    const file = await openHdf5(path)
    try {
      return readStatic(file, path, options)
    } finally {
      file.close()
    }
  },
}

/** Whether an open file has this layout. */
const isStaticHdf5 = (file: Hdf5File): boolean =>
  ['/images', '/responses', '/tiers'].every((name) => file.kind(name) === 'dataset')

type Options = ImportOptions<'static-hdf5'>

const USED = new Set([
  ...['/images', '/responses', '/tiers', '/behavior', '/pupil_center'],
  ...['/item_info/frame_image_id', '/neurons/unit_ids', '/neurons/area'],
])

function readStatic(file: Hdf5File, path: string, options: Options): ImportedSet {
  if (!isStaticHdf5(file))
    throw invalidFile(
      path,
      '/',
      'lacks images, responses or tiers.',
      'Import the file with a mapping instead.',
    )
  const tiers = file.read('/tiers')
  const unitIds = optional(file, '/neurons/unit_ids')
  const table = readResponses(file, path, tiers.length, unitIds?.length ?? null, options)
  const { shown, letters } = readImages(file, path, tiers.length, options)
  const recorded = readRecorded(file, path, tiers.length)
  const areas = optional(file, '/neurons/area')
  const key = basename(path)
    .replace(/\.(h5|hdf5)$/i, '')
    .replace(/^static/, '')
  const by = options.imageAxes === undefined ? 'fit' : 'option'
  return {
    name: key,
    origin: { keptImageIds: shown.keptIds },
    images: shown.images,
    left: leftOut(
      'array',
      listHdf5(file).flatMap(({ path: at }) => (USED.has(at) ? [] : [at])),
      { reason: 'the layout has no place for it.' },
    ),
    choices: [table.choice, { what: 'Axes of the images', value: letters, by }],
    sessions: [
      {
        key,
        subject: options.subject,
        area: areas ? areasOfUnits(path, areas, table.units) : '',
        species: options.species,
        responseKind: options.responseKind ?? null,
        ...(options.binMs !== undefined && { binMs: options.binMs }),
        ...(options.t0Ms !== undefined && { t0Ms: options.t0Ms }),
        trials: {
          imageId: shown.imageId,
          tier: readTiers(
            { values: tiers, isBoolean: file.dataset('/tiers').isBoolean, name: 'tiers' },
            path,
            options.tiers,
          ),
          repeat: repeatNumbers(shown.imageId),
          ...recorded,
        },
        units: { id: unitNames(unitIds, table.units) },
        responses: table.responses,
        bins: 1,
      },
    ],
  }
}

const optional = (file: Hdf5File, name: string): NumpyValues | null =>
  file.kind(name) === 'dataset' ? file.read(name) : null

/** The images, each once, and how their axes were read. */
function readImages(file: Hdf5File, path: string, trials: number, options: Options) {
  const field = '/item_info/frame_image_id'
  const frameIds = optional(file, field)
  const ids = frameIds && countingIds(frameIds, path, field)
  const letters = stackLetters(file.dataset('/images').shape, (size) => size === trials, options.imageAxes, {
    file: path,
    field: '/images',
  })
  const shown = collapseImages(
    trials,
    imageReader(file, path, letters),
    ids && perTrial(path, field, ids, trials, 1),
    path,
    options,
  )
  return { shown, letters }
}

/** Behaviour and eye positions, where the file has any. */
function readRecorded(
  file: Hdf5File,
  path: string,
  trials: number,
): Pick<Trials, 'behavior' | 'pupilCenter'> {
  const columns = (name: string): Float32Array | null =>
    file.kind(name) === 'dataset' ? trialColumns(file, path, name, trials) : null
  const behavior = columns('/behavior')
  const pupilCenter = columns('/pupil_center')
  return {
    ...(behavior && {
      behavior: {
        names: Array.from({ length: behavior.length / trials }, (_, i) => `behavior_${i}`),
        values: behavior,
      },
    }),
    ...(pupilCenter && { pupilCenter }),
  }
}

function areasOfUnits(path: string, values: NumpyValues, units: number): string[] {
  if (values.length === units) return Array.from<string | number>(values).map(String)
  throw invalidFile(path, '/neurons/area', `has ${values.length} values, there are ${units} units.`)
}

/** A column of the trials; other lengths belong to something else. */
function perTrial<T extends Float32Array | Int32Array>(
  path: string,
  name: string,
  values: T,
  trials: number,
  width: number,
): T {
  if (Number.isInteger(width) && values.length === trials * width) return values
  throw invalidFile(
    path,
    name,
    `has ${values.length} values, /tiers has ${trials} trials.`,
    'Every trial needs its own values.',
  )
}

/** Columns of the trials with trials first, whichever axis they are stored on. */
function trialColumns(file: Hdf5File, path: string, name: string, trials: number): Float32Array {
  const { shape } = file.dataset(name)
  const [a = 0, b = 1] = shape
  const values = parseFloats(file.read(name), path, name)
  const fits = shape.length <= 2 && (a === trials || b === trials)
  if (!fits || (a === b && shape.length === 2))
    throw invalidFile(
      path,
      name,
      `shape (${shape.join(', ')}) ${fits ? 'has its trials on either axis' : `does not fit ${trials} trials`}.`,
      'Store it with trials on its first axis, or import the file with a mapping.',
    )
  return a === trials ? values : permuteAxes(values, shape, [1, 0])
}

function readResponses(
  file: Hdf5File,
  path: string,
  trials: number,
  units: number | null,
  { responseAxes }: Options,
): { readonly responses: Float32Array; readonly units: number; readonly choice: ImportChoice } {
  const { shape } = file.dataset('/responses')
  const order = responseOrder(
    shape,
    { trials, units, stated: responseAxes },
    { file: path, field: '/responses' },
  )
  const values = parseFloats(file.read('/responses'), path, '/responses')
  const isTurned = order === 'unit,trial'
  return {
    responses: isTurned ? permuteAxes(values, shape, [1, 0]) : values,
    units: shape[isTurned ? 0 : 1]!, // two axes, see responseOrder
    choice: {
      what: 'Axes of the responses',
      value: order,
      by: responseAxes === undefined ? 'fit' : 'option',
    },
  }
}

/** Reads the image of one trial, wherever the axis of the trials is. */
function imageReader(file: Hdf5File, path: string, letters: string): (trial: number) => Image {
  const { shape } = file.dataset('/images')
  const axis = letters.indexOf('i')
  const image = shape.filter((_, i) => i !== axis)
  const place = { file: path, field: '/images' }
  return (trial) => {
    const ranges = shape.map((n, i): Range => (i === axis ? [trial, 1] : [0, n]))
    const values = file.read('/images', ranges)
    return imageOf(
      values instanceof Uint8Array ? values : parseFloats(values, path, '/images'),
      image,
      place,
      letters,
    )
  }
}
