import { randomBytes } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { parseImageSetOptions } from '../../../src-shared/schema/importer/importers.ts'
import { contentHash, HASH_RULE } from '../../io/canonical/content-hash.ts'
import { loadCanonical, openCanonical, verifyCanonical } from '../../io/canonical/read.ts'
import { areaInName } from '../../io/importers/base/trial-fields.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { describeImages, openAllParts } from '../describe/describe-images.ts'
import type { DataContent } from '../describe/library-content.ts'
import { outlineImages } from '../describe/outline-images.ts'
import { recordOf } from './recording-record.ts'
import { filesBelow } from '../content/files-below.ts'
import { hashFiles } from '../content/hash-files.ts'
import type { DataFormat } from './inspect-data.ts'
import { detectFormat } from './inspect-data.ts'
import type { DataRecord } from '../places/library-records.ts'
import { namesOf, readRecords, writeRecord } from '../places/library-records.ts'
import { imageContent, stampsOf } from '../content/image-content.ts'
import { CONTENT_RULE, fingerprintOf, formerFingerprint } from '../content/manifest.ts'
import { recordingContent } from '../content/recording-content.ts'
import type { ImportJob } from './prepared-import.ts'
import { prepareImport } from './prepared-import.ts'
import { throwIfCancelled, watched, watchedSet } from '../content/watched-work.ts'
import { homeLayout } from '../../disk/home-layout.ts'
import type { Area } from '../../../src-shared/schema/names.ts'

export interface AddRequest {
  readonly path: string
  /** Name to call the set by; empty: the file's or folder's. */
  readonly name?: string
  /**
   * Options of the importer (area, subject, responseKind, ...); for npz, HDF5 and MATLAB files the mapping of arrays, alone
   * or as `mapping` beside the options. `size` brings images of several sizes to one.
   */
  readonly mapping?: unknown
  /** Where the units were recorded; before what the options say. */
  readonly area?: Area | undefined
  /** later: what the checks find is not waited for; {@link checkSet} adds it. */
  readonly checks?: 'now' | 'later'
}

type Options = Readonly<Record<string, unknown>>

/** Registers images or a recording; a recording is imported into a data file of the library first. */
export async function addData(request: AddRequest, deps: DataDeps): Promise<DataRecord> {
  const path = resolve(deps.folder, request.path)
  const format = await detectFormat(path, isMapped(request))
  const name = await freeName(nameOf(path, request), deps)
  const watching = watched(deps)
  const entry =
    format.kind === 'images'
      ? await addImages(path, name, request, watching)
      : await addRecording(path, name, format, request, watching)
  const known = (await readRecords(deps)).find((r) => r.id === entry.id) ?? (await formerRecord(entry, deps))
  if (known !== undefined) {
    // The same content again. What was made of it goes, but for the data file that the set has already.
    if (entry.kind === 'neural' && entry.path !== known.path) await rm(entry.path)
    return alsoCalled(known, request.name ? name : known.name, deps)
  }
  await writeRecord(entry, deps)
  return entry
}

/** A set that is there already, known under one more name. */
async function alsoCalled(record: DataRecord, name: string, deps: DataDeps): Promise<DataRecord> {
  if (namesOf(record).includes(name)) return record
  const called = { ...record, aliases: [...record.aliases, name] }
  await writeRecord(called, deps)
  return called
}

/** The record that an earlier version made of the same content. */
async function formerRecord(entry: DataRecord, deps: DataDeps): Promise<DataRecord | undefined> {
  const former = (await readRecords(deps)).filter(
    ({ rule, kind }) => kind === entry.kind && rule < (kind === 'images' ? 2 : CONTENT_RULE),
  )
  if (former.length === 0) return undefined
  if (entry.kind === 'images') {
    const id = formerFingerprint(await hashFiles(filesBelow(entry.path), deps))
    return former.find((record) => record.id === id)
  }
  for (const record of former.filter(({ path }) => existsSync(path))) {
    const [content] = await recordingContent(record.path, deps)
    if (content?.hash === entry.id) return record
  }
  return undefined
}

const nameOf = (path: string, { name }: Pick<AddRequest, 'name'>): string =>
  name || basename(path).replace(/\.(h5|hdf5?|he5|nc4?|zip|npz|nwb|mat|csv|tsv)$/i, '')

function optionsOf(given: unknown, isArrays: boolean): Options {
  if (given === undefined || given === null) return {}
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'mapping',
      message: 'expected an object.',
      hint: 'Give the options of the import.',
    })
  }
  return isArrays && 'images' in given ? { mapping: given } : (given as Options)
}

/** Whether the user says which array means what. */
export function isMapped({ mapping }: Pick<AddRequest, 'mapping'>): boolean {
  const options = optionsOf(mapping, false)
  return 'mapping' in options || 'sessions' in options
}

/** Side to which images with classes are brought, and what is said about their numbers. */
export type ImageImport = Pick<DataRecord, 'size' | 'stated'>

/** Options of images with classes. @throws CotrainError naming what is not known, and an area, which only recordings have. */
export function imageOptionsOf({ path, area, mapping }: AddRequest): ImageImport {
  if (area !== undefined)
    throw new CotrainError({
      code: 'config-invalid',
      path: 'area',
      message: `${path} is read as images with classes, which have no area.`,
      hint: 'Leave the area out. If it is a recording, its responses were not recognised: see the layouts in the guide.',
      asks: ['area'],
    })
  const parsed = parseImageSetOptions(optionsOf(mapping, false))
  if ('problems' in parsed) throw new CotrainError(parsed.problems)
  const { size = null, ...stated } = parsed.options
  return { size, stated }
}

/** A data file says everything itself. @throws CotrainError naming what was said beside it. */
export function refuseOptions({ area, mapping }: AddRequest): void {
  const [name] = [...(area === undefined ? [] : ['area']), ...Object.keys(optionsOf(mapping, false))]
  if (name === undefined) return
  throw new CotrainError({
    code: 'config-invalid',
    path: name,
    message: 'a data file of this application has no options: everything was decided when it was made.',
    hint: 'Leave it out, or add the original recording again.',
    asks: [name],
  })
}

/** What an importer is asked to do for a request. @throws CotrainError where it needs a mapping and has none. */
export function importJobOf(path: string, importer: string, request: AddRequest): ImportJob {
  const given = optionsOf(request.mapping, importer === 'arrays')
  const area = request.area ?? ('area' in given ? undefined : areaInPath(path, importer))
  const options = { ...given, ...(area !== undefined && { area }) }
  requireMapping(path, importer, options)
  return { path, importer, options: { name: nameOf(path, request), ...options } }
}

/** Session files do not say where they were recorded; the name of their folder may. */
const areaInPath = (path: string, importer: string): Area | undefined =>
  importer === 'session-pickle' ? (areaInName(basename(path)) ?? undefined) : undefined

/** Files of named arrays do not say themselves what is what. */
function requireMapping(path: string, importer: string, options: Options): void {
  if (importer !== 'arrays' || 'mapping' in options) return
  throw new CotrainError({
    code: 'config-invalid',
    path,
    message: 'the file does not say which of its arrays are images and which responses.',
    hint: 'List them with `cotrain data inspect` and give a mapping with --mapping.',
    asks: ['mapping'],
  })
}

async function freeName(wanted: string, deps: DataDeps): Promise<string> {
  const taken = new Set((await readRecords(deps)).flatMap(namesOf))
  let name = wanted
  for (let n = 2; taken.has(name); n++) name = `${wanted}-${n}`
  return name
}

async function addImages(
  path: string,
  name: string,
  request: AddRequest,
  deps: DataDeps,
): Promise<DataRecord> {
  const options = imageOptionsOf(request)
  const content = await imageContentOf({ path, ...options }, request, deps)
  const cacheFolder = homeLayout(deps.home).decodedPixels
  const manifest = await imageContent({ path, stated: options.stated, cacheFolder }, deps)
  return {
    version: 1,
    id: fingerprintOf(manifest),
    name,
    aliases: [],
    kind: 'images',
    origin: path,
    path,
    formerly: [],
    addedAt: deps.date().getTime(),
    bytes: stampsOf(path).reduce((sum, [, size]) => sum + size, 0),
    rule: CONTENT_RULE,
    checked: request.checks !== 'later',
    ...options,
    ignored: {},
    options: {},
    ...content,
    facts: [...content.facts],
    findings: [...content.findings],
    manifest: [...manifest],
  }
}

async function imageContentOf(
  place: ImageImport & { readonly path: string },
  { checks }: Pick<AddRequest, 'checks'>,
  deps: DataDeps,
): Promise<DataContent> {
  if (checks === 'later') return outlineImages(place, deps)
  return describeImages(watchedSet(await openAllParts(place, deps), deps), place.path)
}

function addRecording(
  path: string,
  name: string,
  format: RecordingFormat,
  request: AddRequest,
  deps: DataDeps,
): Promise<DataRecord> {
  return takeIn(path, format, request, deps, async (incoming, hash) => {
    const file = join(homeLayout(deps.home).datasets, `${hash}.h5`)
    await rename(incoming, file)
    deps.progress?.('checking the responses', null)
    return recordOf({ file, hash, origin: path, name, checks: request.checks }, deps)
  })
}

export type RecordingFormat = Exclude<DataFormat, { kind: 'images' }>

/** Makes a data file of a recording in the library's folder and hands it over with its content hash; what `use` leaves is deleted. */
export async function takeIn<T>(
  path: string,
  format: RecordingFormat,
  request: AddRequest,
  deps: DataDeps,
  use: (incoming: string, hash: string) => Promise<T>,
): Promise<T> {
  if (format.kind === 'canonical') refuseOptions(request)
  const folder = homeLayout(deps.home).datasets
  await mkdir(folder, { recursive: true })
  const incoming = join(folder, `.${process.pid}-${randomBytes(4).toString('hex')}.h5`)
  try {
    if (format.kind === 'canonical') await copyFile(path, incoming, constants.COPYFILE_FICLONE)
    else await rename(await prepareImport(importJobOf(path, format.importer, request), deps), incoming)
    throwIfCancelled(deps)
    // A file that our own importer has just written says what it holds; the checks that follow read it through.
    const isOwn = format.kind !== 'canonical' && request.checks === 'later'
    return await use(incoming, await (isOwn ? statedHash(incoming) : verified(incoming)))
  } finally {
    await rm(incoming, { force: true })
  }
}

async function statedHash(path: string): Promise<string> {
  const file = await openCanonical(path)
  file.close()
  return file.contentHash.replace(/^sha256:/, '')
}

/** The content hash of a data file that agrees with its own record; files of earlier versions state that of an earlier rule. */
async function verified(path: string): Promise<string> {
  const file = await openCanonical(path)
  try {
    await verifyCanonical(file)
    const isOfToday = file.contentRule === HASH_RULE
    const hash = isOfToday ? file.contentHash : await contentHash(loadCanonical(file))
    return hash.replace(/^sha256:/, '')
  } finally {
    file.close()
  }
}
