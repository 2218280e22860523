import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import { sizeText } from '../../../src-shared/util/size-text.ts'
import { FORMAT } from '../../io/canonical/write.ts'
import { refuseForeign } from '../../io/formats/base/foreign-kind.ts'
import { openHdf5 } from '../../io/formats/hdf5/hdf5.ts'
import { openTree } from '../../io/formats/zip/file-tree.ts'
import { openArrays } from '../../io/importers/mapped/array-source.ts'
import { mappedArrays } from '../../io/importers/mapped/mapped-arrays.ts'
import { detectImporter } from '../../io/importers/registry.ts'
import type { ImageSetKind } from '../../io/images/sources/image-set.ts'
import { detectImageSet } from '../../io/images/open-image-set.ts'

/** What a path holds, as far as names and outlines tell. */
export type DataFormat =
  | { readonly kind: 'images'; readonly layout: ImageSetKind }
  | { readonly kind: 'canonical' }
  | { readonly kind: 'recording'; readonly importer: string }

/** Layouts of image sets that no folder of a recording can be mistaken for. */
const PLAIN_IMAGES: ReadonlySet<ImageSetKind> = new Set([
  'tiny-imagenet',
  'imagenet',
  'cifar-10',
  'cifar-100',
  'mnist',
  'svhn',
  'corrupted',
])
/** Importer that must be told which array means what. */
const NEEDS_MAPPING = 'arrays'
const STATIC = 'static-hdf5'

/**
 * Finds out what a file or folder is. `isMapped`: the user says which array means what, so that a layout which the names
 * would fit is not asked. CotrainError when it is not there or in no known layout.
 */
export async function detectFormat(path: string, isMapped = false): Promise<DataFormat> {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) {
    throw new CotrainError({
      code: 'file-missing',
      path,
      message: 'no such file or folder.',
      hint: 'Check the path.',
    })
  }
  if (/\.mat$/i.test(path) && stat.isFile()) refuseForeign(path)
  if (stat.isFile() && (await isCanonical(path))) return { kind: 'canonical' }
  if (isMapped && (holdsArrays(path) || mappedArrays.detect(path)))
    return { kind: 'recording', importer: NEEDS_MAPPING }
  const layout = stat.isDirectory() || /\.(zip|npz)$/i.test(path) ? detectImageSet(path) : null
  if (layout !== null && PLAIN_IMAGES.has(layout)) return { kind: 'images', layout }
  const importer = detectImporter(path)
  const isImages = layout !== null && importer === NEEDS_MAPPING // an archive of images and labels needs no mapping
  if (importer !== null && !isImages)
    return { kind: 'recording', importer: importer === STATIC ? await hdf5Importer(path) : importer }
  if (layout !== null) return { kind: 'images', layout }
  if (holdsArrays(path)) return { kind: 'recording', importer: NEEDS_MAPPING }
  throw unknownLayout(path)
}

/** A folder with .npy files directly in it. */
const holdsArrays = (path: string): boolean =>
  statSync(path).isDirectory() && readdirSync(path).some((name) => /\.npy$/i.test(name))

/** Most single files that one message names. */
const NAMED = 6

/** A folder of unrelated files is told what is in it: single files can be taken in one by one. */
function unknownLayout(path: string): CotrainError {
  const files = statSync(path).isDirectory() ? openTree(path).files.map(({ name }) => name) : []
  const single = files.filter((name) => detectImporter(join(path, name)) !== null)
  if (single.length === 0)
    return new CotrainError({
      code: 'file-invalid',
      path,
      message: 'no known layout of images or recordings.',
      hint: 'Images go into one folder for each class (or train/<class> and test/<class>); for recordings see the layouts in the guide.',
    })
  const shown = single.slice(0, NAMED).join(', ')
  const rest = single.length > NAMED ? ` and ${single.length - NAMED} more` : ''
  return new CotrainError({
    code: 'file-invalid',
    path,
    message: `is a folder of ${files.length} files that are no set together.`,
    hint: `These can be taken in one by one: ${shown}${rest}.`,
  })
}

/** Names tell HDF5 files apart no further: the static layout has its three arrays at the top, others need a mapping. */
async function hdf5Importer(path: string): Promise<string> {
  const file = await openHdf5(path)
  try {
    const isStatic = ['/images', '/responses', '/tiers'].every((name) => file.kind(name) === 'dataset')
    return isStatic ? STATIC : NEEDS_MAPPING
  } finally {
    file.close()
  }
}

async function isCanonical(path: string): Promise<boolean> {
  if (!/\.(h5|hdf5?)$/i.test(path)) return false
  const file = await openHdf5(path)
  try {
    return file.attribute('/', 'format') === FORMAT
  } finally {
    file.close()
  }
}

export interface DataInspection {
  readonly kind: DataFormat['kind'] | 'unknown'
  readonly format: string
  readonly summary: string
  readonly needsMapping: boolean
  /** Arrays of the file where a mapping is needed, else null. */
  readonly tree: unknown
  readonly problems: Problem[]
}

/** Looks at a path without importing anything; what is wrong comes as problems. */
export async function inspectData(path: string): Promise<DataInspection> {
  try {
    const format = await detectFormat(path)
    const needsMapping = format.kind === 'recording' && format.importer === NEEDS_MAPPING
    return {
      kind: format.kind,
      format: nameOf(format),
      summary: summaryOf(path, format),
      needsMapping,
      tree: needsMapping ? await arraysOf(path) : null,
      problems: [],
    }
  } catch (error) {
    return {
      kind: 'unknown',
      format: 'unknown',
      summary: '',
      needsMapping: false,
      tree: null,
      problems: [...toProblems(error)],
    }
  }
}

const nameOf = (format: DataFormat): string =>
  format.kind === 'images' ? format.layout : format.kind === 'canonical' ? 'data file' : format.importer

function summaryOf(path: string, format: DataFormat): string {
  if (format.kind === 'canonical') return `A data file of this application, ${sizeText(statSync(path).size)}.`
  const what = format.kind === 'images' ? 'Images with class labels' : 'A recording'
  const stat = statSync(path)
  if (stat.isFile()) return `${what}, one file, ${sizeText(stat.size)}.`
  const { files } = openTree(path)
  const bytes = files.reduce((sum, file) => sum + file.size, 0)
  return `${what}, ${files.length.toLocaleString('en')} files, ${sizeText(bytes)}.`
}

async function arraysOf(path: string): Promise<unknown> {
  const source = await openArrays(path)
  try {
    return source.list()
  } finally {
    source.close()
  }
}
