import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import type { NeuralOptions } from '../../../src-shared/schema/dataset/neural-fields.ts'
import { runDataOf } from '../../../src-shared/schema/dataset/prediction-fields.ts'
import { statedWhite } from '../../../src-shared/schema/dataset/white-fields.ts'
import { PUBLISHED_SETS } from '../../../src-shared/schema/dataset/neural-rules.ts'
import type { NeuralSet } from '../../engine/types.ts'
import type { HashRule } from '../../io/canonical/content-hash.ts'
import { openCanonical } from '../../io/canonical/read.ts'
import { detectImporter } from '../../io/importers/registry.ts'
import { importInSandbox } from '../../io/importers/sandbox/sandbox.ts'
import { recordingPlace } from '../places/data-places.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { FormerRule, NeuralDataSource, NeuralSourceRequest } from '../image-sets/data-source.ts'
import { filesBelow } from '../content/files-below.ts'
import { hashFiles } from '../content/hash-files.ts'
import { inSilicoSource } from '../in-silico/in-silico-source.ts'
import { missingData } from '../places/known-copies.ts'
import { findIn, readRecords } from '../places/library-records.ts'
import { registered } from '../places/registered-set.ts'
import { stampsOf } from '../content/image-content.ts'
import type { Manifest } from '../content/manifest.ts'
import { recordingContent } from '../content/recording-content.ts'
import { runDataSource } from '../made-by-runs/run-data-source.ts'
import { sha256 } from '../../disk/sha256.ts'
import { homeLayout } from '../../disk/home-layout.ts'

/** Finds the recording that a config names: in-silico, answers of a run, a data file, a folder in a known layout, or a registered set. */
export async function neuralSource(request: NeuralSourceRequest, deps: DataDeps): Promise<NeuralDataSource> {
  const { options } = request
  const name = options.dataset
  if (name === 'in_silico') return inSilicoSource(request, deps)
  const made = runDataOf(name)
  if (made !== null) return runDataSource(made, request, deps)
  if (PUBLISHED_SETS.some((known) => known === name))
    return layoutSource(publishedFolder(options, deps), request, deps)
  if (/\.(h5|hdf5)$/i.test(name)) return fileSource(resolve(deps.folder, name), request, deps)
  const path = resolve(deps.folder, name)
  const isPath = /[\\/]/.test(name)
  if (isPath && (existsSync(path) || findIn(await readRecords(deps), name) === null))
    return layoutSource(path, request, deps)
  return fileSource((await registered(name, 'neural', deps)).path, request, deps)
}

async function fileSource(
  path: string,
  { area, options }: NeuralSourceRequest,
  deps: DataDeps,
): Promise<NeuralDataSource> {
  if (!existsSync(path)) {
    const problem = { path, message: 'no such data file.', hint: 'Check the path, or import the data first.' }
    throw await missingData(problem, { path }, deps.home)
  }
  const manifest = await recordingContent(path, deps)
  const former = (rule: FormerRule) =>
    rule === 1 ? hashFiles([{ name: basename(path), path }], deps) : recordingContent(path, deps, rule)
  return { area, options, isMade: false, manifest, former, open: () => openCanonical(path) }
}

function publishedFolder(options: NeuralOptions, deps: DataDeps): string {
  if (options.individual_image_paths) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'individual_image_paths',
      message: 'images listed by path are not supported.',
      hint: 'Put the images into the images folder as numbered .npy files.',
    })
  }
  return recordingPlace(options, deps.folder)?.path ?? '' // published sets have a folder
}

/** A folder or file in a layout that can be imported; the recording that its files make is kept as a data file. */
async function layoutSource(
  path: string,
  { area, options }: NeuralSourceRequest,
  deps: DataDeps,
): Promise<NeuralDataSource> {
  if (!existsSync(path)) {
    const hint = 'Put the recording into this folder, or name the place where it is.'
    throw await missingData({ path, message: `${options.dataset} is not there.`, hint }, { path }, deps.home)
  }
  const importer = detectImporter(path)
  if (importer === null) {
    throw new CotrainError({
      code: 'file-invalid',
      path,
      message: 'no known layout of recordings.',
      hint: 'Import it with `cotrain data add`, which asks what is what.',
    })
  }
  const output = await imported({ importer, path, settings: importSettings(importer, area, options) }, deps)
  const content = async (rule?: HashRule): Promise<Manifest> =>
    (await recordingContent(output, deps, rule)).map((entry) => ({ ...entry, name: basename(path) }))
  const former = (rule: FormerRule) => (rule === 1 ? hashFiles(filesBelow(path), deps) : content(rule))
  return {
    area,
    options,
    isMade: false,
    manifest: await content(),
    former,
    open: () => openCanonical(output),
  }
}

/** What the published loader is told about its folder. */
function importSettings(
  importer: string,
  area: NeuralSet,
  options: NeuralOptions,
): Readonly<Record<string, unknown>> {
  const told = { area, ...statedWhite(options) }
  if (importer !== 'session-pickle') return told
  const isPublished = PUBLISHED_SETS.some((known) => known === options.dataset)
  const counted = isPublished ? { idsFrom: options.dataset === 'PlosCB19_V1' ? 1 : 0 } : {}
  return { ...told, sessionsFolder: options.sessions_dir, exclude: options.exclude, ...counted }
}

interface Import {
  readonly importer: string
  readonly path: string
  readonly settings: Readonly<Record<string, unknown>>
}

/** Raised when an importer reads the same files differently. */
const IMPORT_VERSION = 3

/** The data file of a layout, made once for files of these names, sizes and times. */
async function imported({ importer, path, settings }: Import, deps: DataDeps): Promise<string> {
  const files = stampsOf(path)
  const key = sha256(canonicalJson({ version: IMPORT_VERSION, importer, settings, path, files }))
  const output = join(homeLayout(deps.home).imported, `${key}.h5`)
  if (!existsSync(output)) {
    await mkdir(homeLayout(deps.home).imported, { recursive: true })
    deps.progress?.(`importing ${basename(path)}`, null)
    await importInSandbox({
      importer,
      path,
      options: settings,
      output,
      created: deps.date().toISOString(),
      progress: (text, fraction) => deps.progress?.(text, fraction),
    })
  }
  return output
}
