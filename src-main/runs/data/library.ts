import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import type { dataSetInfo } from '../../../src-shared/contract/views.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'
import { loadCanonical, openCanonical, verifyCanonical } from '../../io/canonical/read.ts'
import type { CanonicalSet } from '../../io/canonical/set.ts'
import { writeCanonical } from '../../io/canonical/write.ts'
import { exportFolder } from '../../io/exporters/export-folder.ts'
import { exportNpz } from '../../io/exporters/export-npz.ts'
import { labelledSet } from '../../io/exporters/labelled-set.ts'
import type { AddRequest } from './add-data.ts'
import { addData, isPresent, recordOf } from './add-data.ts'
import type { DataDeps } from './data-deps.ts'
import { describeImages, openAllParts } from './describe-images.ts'
import { filesBelow } from './files-below.ts'
import { hashFiles } from './hash-files.ts'
import type { DataInspection } from './inspect-data.ts'
import { inspectData } from './inspect-data.ts'
import type { DataRecord } from './library-records.ts'
import { findRecord, readRecords, removeRecord, writeRecord } from './library-records.ts'
import { requireUnchanged } from './manifest.ts'
import type { DataPreview } from './preview-data.ts'
import { previewData } from './preview-data.ts'

export type DataSetInfo = z.infer<typeof dataSetInfo>
export type ExportFormat = 'canonical' | 'npz' | 'folder'

/** Where the library is and from where relative paths are seen. */
export interface LibraryPlace {
  readonly home: string
  readonly folder: string
}

/** The registered data sets of a home folder: what the service and the command line offer. */
export const dataLibrary = {
  async list(place: LibraryPlace): Promise<DataSetInfo[]> {
    return (await readRecords(place)).map(infoOf)
  },
  async inspect(place: LibraryPlace, path: string): Promise<DataInspection> {
    return inspectData(resolve(place.folder, path))
  },
  async add(place: LibraryPlace, request: AddRequest): Promise<DataSetInfo> {
    return infoOf(await addData(request, depsOf(place)))
  },
  async get(place: LibraryPlace, id: string): Promise<DataSetInfo> {
    return infoOf(await findRecord(id, place))
  },
  /** Reads the whole set again, compares it with its record and examines it. */
  async check(place: LibraryPlace, id: string): Promise<DataSetInfo> {
    const checked = await examine(await findRecord(id, place), depsOf(place))
    await writeRecord(checked, place)
    return infoOf(checked)
  },
  async preview(place: LibraryPlace, { id, images }: { id: string; images: number }): Promise<DataPreview> {
    return previewData(present(await findRecord(id, place)), images, depsOf(place))
  },
  /** Forgets a set; a data file of the library is deleted, the user's own files stay. */
  async remove(place: LibraryPlace, id: string): Promise<void> {
    const record = await findRecord(id, place)
    await removeRecord(record.id, place)
    if (dirname(record.path) === join(place.home, 'datasets')) await rm(record.path, { force: true })
  },
  /** Writes the set as a data file (.h5), an .npz, or folders of pictures with a table; returns what was written. */
  async export(
    place: LibraryPlace,
    request: { id: string; format: ExportFormat; path: string; part?: 'train' | 'val' | 'test' | undefined },
  ): Promise<string> {
    const record = present(await findRecord(request.id, place))
    const path = newPath(resolve(place.folder, request.path))
    const deps = depsOf(place)
    await withContent(record, request.part, deps, (set) => exportAs(set, request.format, path, deps))
    return path
  },
}

/** An export never writes over something. */
function newPath(path: string): string {
  if (!existsSync(path) && existsSync(dirname(path))) return path
  throw new CotrainError(
    existsSync(path)
      ? { code: 'not-allowed', path, message: 'exists already.', hint: 'Choose a new name.' }
      : { code: 'file-missing', path: dirname(path), message: 'no such folder.', hint: 'Create it first.' },
  )
}

/** The library is used outside of runs, where nobody counts waiting time. */
const depsOf = (place: LibraryPlace): DataDeps => ({
  ...place,
  now: () => performance.now(),
  date: () => new Date(),
})

function infoOf(record: DataRecord): DataSetInfo {
  const { id, name, kind, origin, addedAt, bytes, summary, facts, findings } = record
  return {
    id,
    name,
    kind,
    origin,
    fingerprint: id,
    addedAt,
    bytes,
    summary,
    facts,
    findings,
    present: isPresent(record),
  }
}

function present(record: DataRecord): DataRecord {
  if (isPresent(record)) return record
  throw new CotrainError({
    code: 'data-missing',
    path: record.path,
    message: `the data set "${record.name}" is no longer there.`,
    hint: 'Put it back, or remove it from the list and add it again.',
  })
}

async function examine(record: DataRecord, deps: DataDeps): Promise<DataRecord> {
  present(record)
  if (record.kind === 'neural') return examineFile(record, deps)
  const manifest = await hashFiles(filesBelow(record.path), deps, 'again')
  const content = await describeImages(await openAllParts(record.path, record.size, deps), record.path)
  const changed = differences(() => requireUnchanged(record.manifest, manifest, record.path))
  return { ...record, ...content, facts: [...content.facts], findings: [...changed, ...content.findings] }
}

async function examineFile(record: DataRecord, deps: DataDeps): Promise<DataRecord> {
  const file = await openCanonical(record.path)
  try {
    await verifyCanonical(file)
  } finally {
    file.close()
  }
  const again = await recordOf({ file: record.path, origin: record.origin, name: record.name }, deps)
  return { ...again, addedAt: record.addedAt, id: record.id }
}

/** What no longer agrees with the record, as findings. */
function differences(compare: () => void): Finding[] {
  try {
    compare()
    return []
  } catch (error) {
    if (!(error instanceof CotrainError)) throw error
    return error.problems.map(({ path, message }) => ({
      code: 'data-changed',
      severity: 'error' as const,
      message: `${path ?? ''}: ${message}`,
      reason: 'Runs that were trained on this set used other data.',
      fix: 'Put the earlier files back, or add the folder again as a new set.',
    }))
  }
}

async function withContent(
  record: DataRecord,
  part: 'train' | 'val' | 'test' | undefined,
  deps: DataDeps,
  use: (set: CanonicalSet) => Promise<void>,
): Promise<void> {
  if (record.kind === 'images') {
    const { parts } = await openAllParts(record.path, record.size, deps)
    const images = part === undefined ? (parts.train ?? parts.val ?? parts.test) : parts[part]
    if (images === undefined) {
      throw new CotrainError({
        code: 'not-found',
        path: part ?? record.name,
        message: 'the set has no such part.',
        hint: `Parts: ${Object.keys(parts).join(', ')}.`,
      })
    }
    return use(labelledSet(record.name, images, { exportedFrom: record.name, part: part ?? 'train' }))
  }
  const file = await openCanonical(record.path)
  try {
    await use(loadCanonical(file))
  } finally {
    file.close()
  }
}

async function exportAs(
  set: CanonicalSet,
  format: ExportFormat,
  path: string,
  deps: DataDeps,
): Promise<void> {
  switch (format) {
    case 'canonical':
      await writeCanonical(path, set, deps.date().toISOString())
      return
    case 'npz':
      return exportNpz(path, set)
    case 'folder':
      return exportFolder(path, set)
  }
}
