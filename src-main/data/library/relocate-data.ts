import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { openCanonical } from '../../io/canonical/read.ts'
import { takeIn } from './add-data.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { filesBelow } from '../content/files-below.ts'
import { hashFiles } from '../content/hash-files.ts'
import { imageContent } from '../content/image-content.ts'
import { detectFormat } from './inspect-data.ts'
import type { DataRecord } from '../places/library-records.ts'
import { writeRecord } from '../places/library-records.ts'
import type { Manifest } from '../content/manifest.ts'
import { printBy } from '../content/manifest.ts'
import { recordingContent } from '../content/recording-content.ts'
import { homeLayout } from '../../disk/home-layout.ts'

/**
 * Says where a set is now. Its content is read and has to be that of the set. A data file of the library that is gone is made
 * again. @throws CotrainError `data-changed` with both fingerprints where something else lies there
 */
export async function relocateData(record: DataRecord, to: string, deps: DataDeps): Promise<DataRecord> {
  const path = resolve(deps.folder, to)
  const format = await detectFormat(path)
  if ((format.kind === 'images') !== (record.kind === 'images'))
    throw otherContent(record, path, format.kind === 'images' ? 'images with classes' : 'a recording')
  const moved =
    format.kind === 'images'
      ? await movedImages(record, path, deps)
      : await takeIn(path, format, { path, ...(await asBefore(record)) }, deps, async (incoming, hash) => {
          const expected = await contentId(record, deps)
          if (hash !== expected) throw otherContent({ ...record, id: expected }, path, hash)
          if (!existsSync(record.path)) await rename(incoming, record.path)
          return { ...record, origin: path }
        })
  const places = [...record.formerly, record.origin].filter((place) => place !== path)
  const known = { ...moved, formerly: [...new Set(places)] }
  await writeRecord(known, deps)
  return known
}

async function movedImages(record: DataRecord, path: string, deps: DataDeps): Promise<DataRecord> {
  const found = await contentOf({ ...record, path }, deps)
  const print = printBy(record.rule)(found)
  if (print !== record.id) throw otherContent(record, path, print)
  return { ...record, path, origin: path }
}

/** What a set of images is now, by the rule that its record was made with. */
export const contentOf = (
  { path, stated, rule }: Pick<DataRecord, 'path' | 'stated' | 'rule'>,
  deps: DataDeps,
  trust: 'known' | 'again' = 'known',
): Promise<Manifest> =>
  rule === 1
    ? hashFiles(filesBelow(path), deps, trust)
    : imageContent({ path, stated, cacheFolder: homeLayout(deps.home).decodedPixels }, deps, trust)

/** What a recording is by the rule of today. A file of an earlier version that is gone is known by its record alone. */
async function contentId({ id, path }: DataRecord, deps: DataDeps): Promise<string> {
  return existsSync(path) ? ((await recordingContent(path, deps))[0]?.hash ?? id) : id
}

/** Name and options with which a recording was imported; its data file says them, where it is still there. */
async function asBefore({ name, path }: DataRecord): Promise<{ name: string; mapping?: unknown }> {
  if (!existsSync(path)) return { name }
  const file = await openCanonical(path)
  const { options } = file.provenance
  file.close()
  return { name, ...(options !== undefined && { mapping: options }) }
}

function otherContent({ id, name }: DataRecord, path: string, found: string): CotrainError {
  return new CotrainError({
    code: 'data-changed',
    path,
    message: `holds other data than the set "${name}": expected ${id}, found ${found}.`,
    hint: 'Choose the folder in which the data of this set are, or add this one as a set of its own.',
  })
}
