import type { Finding } from '../../../engine/data/doctor/finding.ts'
import type { CanonicalImages } from '../../canonical/set.ts'
import type { Hdf5File } from '../../formats/hdf5/hdf5.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { ImportChoice } from '../base/importer.ts'
import type { StatedPixels } from '../../images/sources/typed-pixels.ts'
import { compareNatural } from '../base/natural-order.ts'
import { childrenOf, chosenPaths, onlyOne } from './nwb-types.ts'
import { imageOf, stackOf } from '../base/image-axes.ts'
import { describePixels, joinImages, type Image } from '../base/trial-images.ts'
import { parseFloats } from '../base/trial-fields.ts'

/** The images of an NWB file with what their numbers can mean. */
export interface NwbImages {
  readonly path: string
  readonly images: CanonicalImages
  /** Name of each image, where the file names them. */
  readonly names: readonly string[] | null
  /** The file states the order: frames of a series, or `order_of_images`. */
  readonly isOrdered: boolean
  readonly choices: readonly ImportChoice[]
  readonly findings: readonly Finding[]
}

const PLACES = ['/stimulus/templates', '/stimulus/presentation']
const NUMERIC = new Set(['uint', 'int', 'float'])

type Kind = 'series' | 'group' | 'external'

/** What kind of images lies at a path; null where there are none. */
function kindOf(file: Hdf5File, path: string): Kind | null {
  if (file.kind(path) !== 'group') return null
  const isExternal =
    file.attribute(path, 'format') === 'external' ||
    (file.kind(`${path}/external_file`) === 'dataset' &&
      (file.dataset(`${path}/external_file`).shape[0] ?? 0) > 0)
  if (isExternal) return 'external'
  if (file.kind(`${path}/data`) === 'dataset') {
    const { shape, kind } = file.dataset(`${path}/data`)
    return (shape.length === 3 || shape.length === 4) && NUMERIC.has(kind) ? 'series' : null
  }
  return childrenOf(file, path).some((child) => isImage(file, child)) ? 'group' : null
}

function isImage(file: Hdf5File, path: string): boolean {
  if (file.kind(path) !== 'dataset') return false
  const { shape, kind } = file.dataset(path)
  return (shape.length === 2 || shape.length === 3) && NUMERIC.has(kind)
}

/**
 * The images that `linked` (of an index series) leads to, or those the user names, or the only ones of the file.
 * @throws CotrainError where there are several, or they lie in another file.
 */
export function readNwbImages(
  file: Hdf5File,
  linked: string | null,
  options: ImageOptions & { readonly images?: string },
): NwbImages {
  const { images: chosen } = options
  const found = PLACES.flatMap((place) => childrenOf(file, place)).filter(
    (path) => kindOf(file, path) !== null,
  )
  const [named] =
    chosen === undefined
      ? []
      : file.kind(chosen) === 'group'
        ? [chosen]
        : chosenPaths(chosen, found, 'images', file)
  const path = named ?? linked ?? onlyOne(found, 'sets of images', 'images', file, '/stimulus')
  const kind = path === null ? null : kindOf(file, path)
  if (path === null || kind === null)
    throw invalidFile(
      file.name,
      path ?? '/stimulus',
      'holds no images.',
      'State the group of /stimulus/templates or /stimulus/presentation that holds them with the option images.',
      ['images'],
    )
  if (kind === 'external') throw externalFile(file, path)
  const by = named !== undefined ? 'option' : linked !== null ? 'file' : 'fit'
  const read = kind === 'series' ? readSeries(file, path, options) : readGroup(file, path, options)
  return { ...read, path, choices: [{ what: 'Images', value: path, by }, ...read.choices] }
}

function externalFile(file: Hdf5File, path: string): Error {
  const names = file.kind(`${path}/external_file`) === 'dataset' ? file.read(`${path}/external_file`) : []
  return invalidFile(
    file.name,
    `${path}/external_file`,
    `the images lie in other files: ${Array.from<string | number>(names).slice(0, 5).join(', ') || 'not named'}.`,
    'Store them in the file (format "raw"), or name other images with the option images.',
    ['images'],
  )
}

interface ImageOptions extends StatedPixels {
  readonly imageAxes?: string
}

type Read = Omit<NwbImages, 'path'>

function readSeries(file: Hdf5File, path: string, options: ImageOptions): Read {
  const { shape } = file.dataset(`${path}/data`)
  const { letters, choices, findings } = seriesLetters(file, path, shape, options.imageAxes)
  const values = file.read(`${path}/data`)
  const pixels = values instanceof Uint8Array ? values : parseFloats(values, file.name, `${path}/data`)
  const { count, image } = stackOf(pixels, shape, letters)
  return {
    images: {
      ...describePixels(image.data, image, `${file.name}, ${path}`, options),
      id: Int32Array.from({ length: count }, (_, i) => i),
    },
    names: null,
    isOrdered: true,
    choices,
    findings,
  }
}

interface Letters {
  readonly letters: string
  readonly choices: readonly ImportChoice[]
  readonly findings: readonly Finding[]
}

/**
 * The schema names the axes (frame, x, y), most writers store (frame, height, width): `dimension`, the number of pixels along
 * x and y, tells which it is; without it the usual order is taken, with a finding.
 */
function seriesLetters(
  file: Hdf5File,
  path: string,
  shape: readonly number[],
  stated: string | undefined,
): Letters {
  const at = { file: file.name, field: `${path}/data` }
  const what = 'Axes of the images'
  if (stated !== undefined) {
    const letters = stated.includes('i') ? stated : `i${stated}`
    if (letters.length !== shape.length || new Set(letters).size !== letters.length)
      throw invalidFile(
        at.file,
        at.field,
        `the option imageAxes ("${stated}") does not fit shape (${shape.join(', ')}).`,
        'Give one letter for each axis: i, h, w and if there is one c.',
        ['imageAxes'],
      )
    return { letters, choices: [{ what, value: letters, by: 'option' }], findings: [] }
  }
  const channels = shape.length === 4 ? 'c' : ''
  if (channels !== '' && ![1, 2, 3, 4].includes(shape[3]!))
    throw invalidFile(
      at.file,
      at.field,
      `shape (${shape.join(', ')}) has no channels on its last axis.`,
      'State the order of the axes with the option imageAxes, such as "ichw".',
      ['imageAxes'],
    )
  const dimension =
    file.kind(`${path}/dimension`) === 'dataset'
      ? Array.from<string | number>(file.read(`${path}/dimension`)).map(Number)
      : []
  const [x, y] = dimension
  const [, a, b] = shape
  if (x !== undefined && y !== undefined && x !== y && ((x === a && y === b) || (x === b && y === a))) {
    const letters = `${x === a ? 'iwh' : 'ihw'}${channels}`
    return {
      letters,
      choices: [{ what, value: `${letters}, by dimension (x ${x}, y ${y})`, by: 'file' }],
      findings: [],
    }
  }
  const letters = `ihw${channels}`
  return { letters, choices: [{ what, value: letters, by: 'usual' }], findings: [assumedAxes(path, shape)] }
}

const assumedAxes = (path: string, shape: readonly number[]): Finding => ({
  code: 'image-axes-assumed',
  severity: 'warning',
  message: `The images at ${path}, shape (${shape.join(', ')}), are taken as height before width.`,
  reason:
    'NWB names the axes (x, y), that is width first, but most programs store the height first; the file does not say which.',
  fix: 'Look at the images; where they lie on their side, import again with imageAxes, such as "iwh" (single images: "wh").',
  where: { field: path },
})

/** Images stored one by one: in `order_of_images` where the file has it, else in the order of their names. */
function readGroup(file: Hdf5File, path: string, options: ImageOptions): Read {
  const { imageAxes: stated } = options
  const ordered = orderOfImages(file, path)
  const paths =
    ordered ??
    childrenOf(file, path)
      .filter((child) => isImage(file, child))
      .sort((a, b) => compareNatural(a, b))
  const images = paths.map((image): Image => {
    const values = file.read(image)
    const { shape } = file.dataset(image)
    const place = { file: file.name, field: image }
    // The schema has channels last; only height and width can be meant either way.
    const letters = stated ?? (shape.length === 3 ? 'hwc' : 'hw')
    return imageOf(
      values instanceof Uint8Array ? values : parseFloats(values, file.name, image),
      shape,
      place,
      letters,
    )
  })
  const [first] = images
  const odd = images.findIndex(
    ({ height, width, channels }) =>
      height !== first?.height || width !== first.width || channels !== first.channels,
  )
  if (odd >= 0) throw invalidFile(file.name, paths[odd] ?? '', 'has another size than the first image.')
  const names = paths.map((image) => image.split('/').at(-1) ?? '')
  const axes: ImportChoice =
    stated === undefined
      ? { what: 'Axes of the images', value: 'hw', by: 'usual' }
      : { what: 'Axes of the images', value: stated, by: 'option' }
  const order: ImportChoice =
    ordered === null
      ? { what: 'Order of the images', value: 'by name', by: 'usual' }
      : { what: 'Order of the images', value: 'order_of_images', by: 'file' }
  return {
    images: {
      ...joinImages(images, `${file.name}, ${path}`, options),
      id: Int32Array.from(names, (_, i) => i),
      origin: names,
    },
    names,
    isOrdered: ordered !== null,
    choices: [axes, order],
    findings: stated === undefined ? [assumedAxes(path, file.dataset(paths[0] ?? '').shape)] : [],
  }
}

/** References to the images of a group in the order that an index series counts; null where the group has none. */
function orderOfImages(file: Hdf5File, path: string): string[] | null {
  const order = `${path}/order_of_images`
  if (file.kind(order) !== 'dataset') return null
  if (file.dataset(order).kind !== 'reference')
    throw invalidFile(file.name, order, 'holds no references to images.')
  return Array.from<string | number>(file.read(order)).map((reference) => file.target(String(reference)))
}
