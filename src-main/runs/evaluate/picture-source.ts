import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ImageSource } from '../../engine/types.ts'
import { openCanonical } from '../../io/canonical/read.ts'
import { openTree } from '../../io/formats/zip/file-tree.ts'
import { decodedImages } from '../../io/images/sources/decoded-images.ts'
import { imageEntries } from '../../io/images/sources/image-entry.ts'
import { compareNatural } from '../../io/importers/base/natural-order.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { openAllParts } from '../../data/describe/describe-images.ts'
import { findRecord } from '../../data/places/library-records.ts'
import { pathNamed } from './named-set.ts'

/** Pictures to answer, in a fixed order, with the name of each. */
export interface Pictures {
  readonly source: ImageSource
  readonly names: readonly string[]
  close(): void
}

/** Pictures of a registered set, of a data file, or of a folder or archive. @throws CotrainError where there are none */
export async function openPictures(given: string, deps: DataDeps): Promise<Pictures> {
  const path = await pathNamed(given, deps)
  if (path !== null) return /\.(h5|hdf5)$/i.test(path) ? ofRecording(path) : ofFolder(path, deps)
  const record = await findRecord(given, deps)
  if (record.kind === 'neural') return ofRecording(record.path)
  const { parts } = await openAllParts(record, deps)
  const found = (['test', 'val', 'train'] as const).find((part) => parts[part] !== undefined)
  const images = found === undefined ? undefined : parts[found]
  if (images === undefined) throw none(given)
  const { length } = images.images
  return {
    source: images.images,
    names: Array.from({ length }, (_, i) => `${found}/${i}`),
    close: () => undefined,
  }
}

async function ofRecording(path: string): Promise<Pictures> {
  const file = await openCanonical(path)
  const { source, id, origin } = file.images
  return { source, names: Array.from(id, (n, i) => origin?.[i] ?? String(n)), close: () => file.close() }
}

async function ofFolder(path: string, deps: DataDeps): Promise<Pictures> {
  const tree = openTree(path)
  try {
    const found = imageEntries(tree).sort((a, b) => compareNatural(a.name, b.name))
    if (found.length === 0) throw none(path)
    const source = await decodedImages(
      found.map(({ entry }) => entry),
      { cacheFolder: join(deps.home, 'cache', 'pixels') },
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
    message: 'holds no pictures.',
    hint: 'Name a registered set, or a folder or archive of pictures.',
  })
