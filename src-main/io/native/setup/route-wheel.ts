import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { sha256OfFile } from '../../../disk/sha256.ts'
import { withFile } from '../../formats/base/byte-source.ts'
import { openZip } from '../../formats/zip/zip.ts'
import { extractMember } from '../../formats/zip/zip-extract.ts'
import type { FoundLibrary, RouteContext } from '../library/library.ts'
import { libraryIn } from '../library/library.ts'
import { platformName } from '../library/native-info.ts'
import { download } from './download.ts'
import { pipDownload, wheelIn } from './pip-download.ts'
import type { TensorflowRelease } from './tensorflow-release.ts'
import { isPinned, TENSORFLOW } from './tensorflow-release.ts'
import { findWheel, fitsPlatform } from './wheel-index.ts'

const RECORD = 'download.json'
/** Of a wheel: the library, and the headers that an addon is compiled with where none was shipped. */
const KEPT =
  /^tensorflow\/(?:libtensorflow_(?:cc|framework)(?:\.so\.2|\.2\.dylib)$|include\/(?:tensorflow\/c|tensorflow\/core\/platform|tsl|xla)\/)/

/** Downloads the wheel of TensorFlow, which needs no Python, and keeps the C library and headers of it. */
export async function routeWheel(context: RouteContext, release = TENSORFLOW): Promise<FoundLibrary> {
  if (process.platform === 'win32') throw new Error('the wheel for Windows has no linkable C library')
  const target = join(context.folder, `libtensorflow-${release.version}`)
  if (existsSync(target)) return { ...libraryIn(target), downloads: await readDownloads(target) }
  const folder = downloadFolder(context.folder)
  await mkdir(folder, { recursive: true })
  const given = context.from === undefined ? null : await givenWheel(context.from)
  const wheel = given ?? (await wheelIn(folder)) ?? (await fetchWheel(release, folder, context))
  const { size } = await stat(wheel)
  const sha256 = await sha256OfFile(wheel)
  if (!isPinned(release, basename(wheel), sha256)) {
    if (given === null) await rm(wheel, { force: true })
    throw new CotrainError({
      code: 'file-invalid',
      path: wheel,
      message: `its SHA-256 is ${sha256}, not that of the published ${basename(wheel)}.`,
      hint: 'Fetch the wheel again from a source that you trust.',
    })
  }
  const downloads = [{ name: basename(wheel), bytes: size, sha256 }]
  await unpackWheel({ wheel, isOurs: given === null, target, downloads }, context)
  await rm(folder, { recursive: true, force: true })
  return { ...libraryIn(target), downloads }
}

/** Where a download lies until it is unpacked; what came of an earlier one is kept there. */
export const downloadFolder = (folder: string): string => join(folder, `wheel-${TENSORFLOW.version}.part`)

/** The record of an earlier unpacking; it was written before the folder got its final name. */
async function readDownloads(target: string): Promise<FoundLibrary['downloads']> {
  return JSON.parse(await readFile(join(target, RECORD), 'utf8')) as FoundLibrary['downloads']
}

/**
 * The wheel that was given, or the one for this platform in the folder that was given.
 * @throws CotrainError `file-missing` where there is none, or one of another release or platform
 */
export async function givenWheel(from: string): Promise<string> {
  const { project, version } = TENSORFLOW
  const start = `${project.replaceAll('-', '_')}-${version}`
  const fits = (name: string): boolean => fitsPlatform(name, start, platformName())
  const wanted = `${project} ${version} for ${platformName()}`
  const refuse = (message: string): CotrainError =>
    new CotrainError({
      code: 'file-missing',
      path: from,
      message,
      hint: `Give the wheel of ${wanted}, or a folder with it (docs/install.md).`,
    })
  const info = await stat(from).catch(() => null)
  if (info === null) throw refuse('there is no such file or folder.')
  const isFolder = info.isDirectory()
  const names = isFolder ? (await readdir(from)).filter(fits).sort() : [basename(from)].filter(fits)
  const [name] = names
  if (name === undefined) throw refuse(`${isFolder ? 'holds' : 'is'} no wheel of ${wanted}.`)
  return isFolder ? join(from, name) : from
}

/** From the index itself, else through pip, which may know a way that we do not. */
async function fetchWheel(
  release: TensorflowRelease,
  folder: string,
  context: RouteContext,
): Promise<string> {
  try {
    const { name, url, sha256 } = await findWheel(release, platformName())
    const to = join(folder, name)
    const message = `Downloading ${name}`
    await download({
      url,
      to,
      sha256,
      signal: context.signal,
      onProgress: (doneBytes, totalBytes) =>
        context.report({ phase: 'downloading', message, doneBytes, ...(totalBytes && { totalBytes }) }),
    })
    return to
  } catch (error) {
    context.signal?.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    return pipDownload(release, folder, context).catch((other: unknown) => {
      context.signal?.throwIfAborted()
      throw new Error(`${reason}; ${other instanceof Error ? other.message : String(other)}`)
    })
  }
}

interface Unpacking {
  readonly wheel: string
  /** Whether it was downloaded here: somebody's file is never removed. */
  readonly isOurs: boolean
  readonly target: string
  readonly downloads: FoundLibrary['downloads']
}

/** A damaged wheel is thrown away, so that the next attempt fetches it anew; a full disk does not spoil it. */
async function unpackWheel(
  { wheel, isOurs, target, downloads }: Unpacking,
  context: RouteContext,
): Promise<void> {
  const part = `${target}.part`
  await rm(part, { recursive: true, force: true })
  try {
    const members = withFile(wheel, openZip).entries.filter(({ name }) => KEPT.test(name))
    const totalBytes = members.reduce((sum, { size }) => sum + size, 0)
    let doneBytes = 0
    const onBytes = (bytes: number): void => {
      doneBytes += bytes
      context.report({
        phase: 'unpacking',
        message: 'Unpacking the TensorFlow library',
        doneBytes,
        totalBytes,
      })
    }
    const options = { onBytes, ...(context.signal && { signal: context.signal }) }
    for (const member of members)
      await extractMember(wheel, member, join(part, member.name.slice('tensorflow/'.length)), options)
  } catch (error) {
    context.signal?.throwIfAborted()
    if (isOurs && error instanceof CotrainError) await rm(wheel, { force: true })
    throw new Error(`the wheel cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`)
  }
  await writeFile(join(part, RECORD), JSON.stringify(downloads))
  await rename(part, target)
}
