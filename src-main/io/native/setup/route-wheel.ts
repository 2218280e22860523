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
import type { WishedWheel } from './fetch-wheel.ts'
import { fetchWheel } from './fetch-wheel.ts'
import { wheelIn } from './pip-download.ts'
import type { TensorflowRelease } from './tensorflow-release.ts'
import { isPinned, TENSORFLOW } from './tensorflow-release.ts'
import { findWheel, fitsPlatform } from './wheel-index.ts'

const RECORD = 'download.json'
/** What a package needs stands in this file of its wheel. */
export const METADATA = 'METADATA'
/** Of a wheel: the library, the headers that an addon is compiled with where none was shipped, and what it needs. */
const KEPT =
  /^tensorflow[\w.-]*\.dist-info\/METADATA$|^tensorflow\/(?:libtensorflow_(?:cc|framework)(?:\.so\.2|\.2\.dylib)$|include\/(?:tensorflow\/c|tensorflow\/core\/platform|tsl|xla)\/)/

const wished = (release: TensorflowRelease): WishedWheel => ({
  what: `${release.project}==${release.version}`,
  find: () => findWheel(release, platformName()),
})

/** Downloads the wheel of TensorFlow, which needs no Python, and keeps the C library and headers of it. */
export async function routeWheel(context: RouteContext, release = TENSORFLOW): Promise<FoundLibrary> {
  if (process.platform === 'win32') throw new Error('the wheel for Windows has no linkable C library')
  const target = libraryFolder(context.folder, release)
  if (existsSync(target)) return { ...libraryIn(target), downloads: await readDownloads(target) }
  const folder = downloadFolder(context.folder, release)
  await mkdir(folder, { recursive: true })
  const given = context.from === undefined ? null : await givenWheel(context.from, release)
  const wheel = given ?? (await wheelIn(folder)) ?? (await fetchWheel(wished(release), folder, context))
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
export const downloadFolder = (folder: string, { version, variant }: TensorflowRelease): string =>
  join(folder, `wheel-${version}${variant}.part`)

/** Where its library lies. */
export const libraryFolder = (folder: string, { version, variant }: TensorflowRelease): string =>
  join(folder, `libtensorflow-${version}${variant}`)

/** The record of an earlier unpacking; it was written before the folder got its final name. */
async function readDownloads(target: string): Promise<FoundLibrary['downloads']> {
  return JSON.parse(await readFile(join(target, RECORD), 'utf8')) as FoundLibrary['downloads']
}

/**
 * The wheel that was given, or the one for this platform in the folder that was given.
 * @throws CotrainError `file-missing` where there is none, or one of another release or platform
 */
export async function givenWheel(
  from: string,
  { project, version }: TensorflowRelease = TENSORFLOW,
): Promise<string> {
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

interface Unpacking {
  readonly wheel: string
  /** Whether it was downloaded here: somebody's file is never removed. */
  readonly isOurs: boolean
  readonly target: string
  readonly downloads: FoundLibrary['downloads']
}

/** Below the folder of the library: as in the package, its metadata beside. */
const placeOf = (member: string): string =>
  member.endsWith(METADATA) ? METADATA : member.slice('tensorflow/'.length)

const damaged = (wheel: string, cause: CotrainError): CotrainError =>
  new CotrainError(
    {
      code: 'file-invalid',
      path: wheel,
      message: `it cannot be unpacked: ${cause.problems[0]?.message ?? cause.message}`,
      hint: 'Fetch the wheel again: it is damaged, or was not fetched to its end.',
    },
    { cause },
  )

/** A damaged wheel is thrown away, so that the next attempt fetches it anew, and refused where a person gave it; a full disk does not spoil it. */
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
      await extractMember(wheel, member, join(part, placeOf(member.name)), options)
  } catch (error) {
    context.signal?.throwIfAborted()
    if (!isOurs && error instanceof CotrainError) throw damaged(wheel, error)
    if (error instanceof CotrainError) await rm(wheel, { force: true })
    throw new Error(`the wheel cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`)
  }
  await writeFile(join(part, RECORD), JSON.stringify(downloads))
  await rename(part, target)
}
