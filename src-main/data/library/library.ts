import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Result } from '../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { loadCanonical, openCanonical } from '../../io/canonical/read.ts'
import type { CanonicalSet } from '../../io/canonical/set.ts'
import { writeCanonical } from '../../io/canonical/write.ts'
import { exportFolder } from '../../io/exporters/export-folder.ts'
import { exportNpz } from '../../io/exporters/export-npz.ts'
import { labelledSet } from '../../io/exporters/labelled-set.ts'
import { checkWritable as checkFolder } from '../../disk/writable.ts'
import type { AddRequest } from './add-data.ts'
import { addData } from './add-data.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { throwIfCancelled } from '../content/watched-work.ts'
import { moveToTrash, restoreFromTrash } from '../places/data-trash.ts'
import { openAllParts } from '../describe/describe-images.ts'
import { giveUpChecking } from './check-set.ts'
import { checkInThread } from './check-in-thread.ts'
import type { DataInspection } from './inspect-data.ts'
import { inspectData } from './inspect-data.ts'
import type { DataRecord } from '../places/library-records.ts'
import { findRecord, readRecords, writeRecord } from '../places/library-records.ts'
import type { DataSetInfo } from '../places/library-info.ts'
import { infoOf, withIgnored } from '../places/library-info.ts'
import { lookAtData } from './look-data.ts'
import { neuronsOf } from '../describe/describe-apart.ts'
import { responsesOf, sessionOf, withData } from '../describe/neuron-data.ts'
import type { DataPreview, PreviewRequest } from '../describe/preview-data.ts'
import { previewData } from '../describe/preview-data.ts'
import { present } from '../places/registered-set.ts'
import { relocateData } from './relocate-data.ts'
import type { MendRequest } from './mend-set.ts'
import { mendSet } from './mend-set.ts'

export type ExportFormat = 'canonical' | 'npz' | 'folder'

/** Where the library is and from where relative paths are seen. */
export interface LibraryPlace {
  readonly home: string
  readonly folder: string
}

/** How long work is followed and called off. */
export type Watch = Pick<DataDeps, 'progress' | 'signal'>

/** The registered data sets of a home folder: what the service and the command line offer. */
export const dataLibrary = {
  async list(place: LibraryPlace): Promise<DataSetInfo[]> {
    return (await readRecords(place)).map(infoOf)
  },
  async inspect(place: LibraryPlace, path: string): Promise<DataInspection> {
    return inspectData(resolve(place.folder, path))
  },
  async look(place: LibraryPlace, request: AddRequest, watch: Watch = {}): Promise<Result<'data.look'>> {
    return lookAtData(request, { ...depsOf(place), ...watch })
  },
  async add(place: LibraryPlace, request: AddRequest, watch: Watch = {}): Promise<DataSetInfo> {
    checkWritable(place)
    return infoOf(await addData(request, { ...depsOf(place), ...watch }))
  },
  /** Does what an `add` with checks for later has left, in a thread; nothing where that is done. Two at once do no harm. */
  async finish(place: LibraryPlace, id: string, watch: Watch = {}): Promise<void> {
    try {
      await checkInThread({ ...place, id, what: 'rest' }, watch)
    } catch (error) {
      await giveUpChecking(id, error, place)
    }
  },
  /** Sets a finding aside, or takes it up again where the reason is empty. */
  async ignore(
    place: LibraryPlace,
    { id, key, reason }: { id: string; key: string; reason: string },
  ): Promise<DataSetInfo> {
    checkWritable(place)
    const record = withIgnored(await findRecord(id, place), key, reason, Date.now())
    await writeRecord(record, place)
    return infoOf(record)
  },
  /** Mends what a finding tells; a recording that is written anew takes the place of the earlier one. */
  async mend(place: LibraryPlace, { id, ...request }: MendRequest & { id: string }): Promise<DataSetInfo> {
    checkWritable(place)
    return infoOf(await mendSet(await there(id, place), request, depsOf(place)))
  },
  async get(place: LibraryPlace, id: string): Promise<DataSetInfo> {
    return infoOf(await findRecord(id, place))
  },
  /** Reads the whole set again in a thread, compares it with its record and examines it. @throws CotrainError `cancelled` */
  async check(place: LibraryPlace, id: string, watch: Watch = {}): Promise<DataSetInfo> {
    const record = await findRecord(id, place)
    await checkInThread({ ...place, id: record.id, what: 'again' }, watch)
    throwIfCancelled(watch)
    return infoOf(await findRecord(record.id, place))
  },
  async preview(place: LibraryPlace, request: PreviewRequest): Promise<DataPreview> {
    return previewData(await there(request.id, place), request, depsOf(place))
  },
  async neurons(place: LibraryPlace, id: string): Promise<Result<'data.neurons'>> {
    const record = await there(id, place)
    return record.kind === 'images' ? [] : neuronsOf(record.path)
  },
  async responses(
    place: LibraryPlace,
    { id, session, unit }: { id: string; session: string; unit: string | null },
  ): Promise<Result<'data.responses'>> {
    const record = await there(id, place)
    if (record.kind === 'images') return { bins: [], count: 0, missing: 0 }
    return withData(record.path, (file) => responsesOf(sessionOf(file, session), unit))
  },
  /** Takes a set out of the list; its data file stays in the trash, the user's own files where they are. */
  async remove(place: LibraryPlace, id: string): Promise<void> {
    const record = await findRecord(id, place)
    checkWritable(place)
    await moveToTrash(record, place)
  },
  /** Says where a set is now; its content has to be the same. */
  async relocate(
    place: LibraryPlace,
    { id, path }: { id: string; path: string },
    watch: Watch = {},
  ): Promise<DataSetInfo> {
    checkWritable(place)
    return infoOf(await relocateData(await findRecord(id, place), path, { ...depsOf(place), ...watch }))
  },
  async restore(place: LibraryPlace, id: string): Promise<DataSetInfo> {
    return infoOf(await restoreFromTrash(id, place))
  },
  /** Writes the set as a data file (.h5), an .npz, or folders of images with a table; returns what was written. */
  async export(
    place: LibraryPlace,
    request: { id: string; format: ExportFormat; path: string; part?: 'train' | 'val' | 'test' | undefined },
  ): Promise<string> {
    const record = await there(request.id, place)
    const path = newPath(resolve(place.folder, request.path))
    const deps = depsOf(place)
    await withContent(record, request.part, deps, (set) => exportAs(set, request.format, path, deps))
    return path
  },
}

/** @throws CotrainError `disk-full` before anything was changed; a home that is not there yet is made */
const checkWritable = ({ home }: LibraryPlace): void => {
  if (existsSync(home)) checkFolder(home)
}

/** A set whose files are there. */
const there = async (id: string, place: LibraryPlace): Promise<DataRecord> =>
  present(await findRecord(id, place), place)

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

async function withContent(
  record: DataRecord,
  part: 'train' | 'val' | 'test' | undefined,
  deps: DataDeps,
  use: (set: CanonicalSet) => Promise<void>,
): Promise<void> {
  if (record.kind === 'images') {
    const { parts } = await openAllParts(record, deps)
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
