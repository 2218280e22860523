import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { SetPart } from '../../../src-shared/contract/set-part.ts'
import { PART_NAMES, setParts } from '../../../src-shared/contract/set-part.ts'
import type { ImageSource } from '../../engine/types.ts'
import { openCanonical } from '../../io/canonical/read.ts'
import { openTree } from '../../io/formats/zip/file-tree.ts'
import { decodedImages } from '../../io/images/sources/decoded-images.ts'
import { joinedImages } from '../../io/images/sources/joined-images.ts'
import { imageEntries } from '../../io/images/sources/image-entry.ts'
import { compareNatural } from '../../io/importers/base/natural-order.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { openAllParts } from '../../data/describe/describe-images.ts'
import type { DataRecord } from '../../data/places/library-records.ts'
import { findRecord } from '../../data/places/library-records.ts'
import { pathNamed } from './named-set.ts'
import { homeLayout } from '../../disk/home-layout.ts'

/** Images to answer, in a fixed order, with the name of each. */
export interface OpenedImages {
  readonly source: ImageSource
  readonly names: readonly string[]
  close(): void
}

/**
 * Images of a registered set, of a data file, or of a folder or archive.
 * @param part of a registered image set; null: all parts
 * @throws CotrainError where there are none, or where parts are asked for of what has none
 */
export async function openImages(given: string, part: SetPart | null, deps: DataDeps): Promise<OpenedImages> {
  const path = await pathNamed(given, deps)
  const record = path === null ? await findRecord(given, deps) : null
  if (record?.kind === 'images') return ofSet(record, part, deps)
  if (part !== null)
    throw new CotrainError({
      code: 'config-invalid',
      path: 'part',
      message: `${given} is no registered image set, so it has no ${PART_NAMES[part]} part.`,
      hint: 'Leave it out: all its images are answered.',
    })
  if (record !== null) return ofRecording(record.path)
  return /\.(h5|hdf5)$/i.test(path!) ? ofRecording(path!) : ofFolder(path!, deps)
}

async function ofSet(record: DataRecord, wanted: SetPart | null, deps: DataDeps): Promise<OpenedImages> {
  const { parts } = await openAllParts(record, deps)
  const there = setParts.filter((part) => parts[part] !== undefined)
  if (there.length === 0) throw none(record.name)
  if (wanted !== null && !there.includes(wanted))
    throw new CotrainError({
      code: 'data-missing',
      path: record.name,
      message: `has no ${PART_NAMES[wanted]} part.`,
      hint: `It has: ${there.map((part) => PART_NAMES[part]).join(', ')}.`,
    })
  const answered = (wanted === null ? there : [wanted]).map((part) => ({ part, set: parts[part]! })) // it is there
  return {
    source: joinedImages(answered.map(({ set }) => set.images)),
    names: answered.flatMap(({ part, set }) =>
      Array.from({ length: set.images.length }, (_, i) => `${part}/${i}`),
    ),
    close: () => undefined,
  }
}

async function ofRecording(path: string): Promise<OpenedImages> {
  const file = await openCanonical(path)
  const { source, id, origin } = file.images
  return { source, names: Array.from(id, (n, i) => origin?.[i] ?? String(n)), close: () => file.close() }
}

async function ofFolder(path: string, deps: DataDeps): Promise<OpenedImages> {
  const tree = openTree(path)
  try {
    const found = imageEntries(tree).sort((a, b) => compareNatural(a.name, b.name))
    if (found.length === 0) throw none(path)
    const source = await decodedImages(
      found.map(({ entry }) => entry),
      { cacheFolder: homeLayout(deps.home).decodedPixels },
    )
    return { source, names: found.map(({ name }) => name), close: () => undefined }
  } finally {
    tree.close()
  }
}

const none = (path: string): CotrainError =>
  new CotrainError({
    code: 'data-missing',
    path,
    message: 'holds no images.',
    hint: 'Name a registered set, or a folder or archive of images.',
  })
