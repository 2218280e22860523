import { causeOf } from './download.ts'
import type { Requirement } from './requirements.ts'
import { newestFor } from './requirements.ts'
import type { TensorflowRelease } from './tensorflow-release.ts'

/** A wheel as an index of Python packages lists it. */
export interface IndexedWheel {
  readonly name: string
  readonly url: string
  readonly sha256: string | null
}

const PUBLIC_INDEX = 'https://pypi.org/simple'
const TIMEOUT_MS = 30_000
const JSON_TYPE = 'application/vnd.pypi.simple.v1+json'

/** The index that is asked: COTRAIN_PACKAGE_INDEX, that of pip's environment, or the public one. */
export const packageIndex = (): string =>
  (process.env['COTRAIN_PACKAGE_INDEX'] || process.env['PIP_INDEX_URL'] || PUBLIC_INDEX).replace(/\/+$/, '')

/** Names of wheels that fit a platform; the C library is the same in the wheel of every Python. */
const PLATFORM_TAGS: Readonly<Record<string, RegExp>> = {
  'linux-x64': /-manylinux[\w.]*_x86_64\.whl$/,
  'linux-arm64': /-manylinux[\w.]*_aarch64\.whl$/,
  'darwin-arm64': /-macosx_\w+_arm64\.whl$/,
}

/** Packages of CUDA are published for Windows too, where the wheel of TensorFlow has no C library that can be linked. */
const PACKAGE_TAGS: Readonly<Record<string, RegExp>> = { ...PLATFORM_TAGS, 'win32-x64': /-win_amd64\.whl$/ }

/** Whether there are wheels with a C library that can be linked. */
export const hasWheels = (platform: string): boolean => platform in PLATFORM_TAGS

/** Whether a file is a wheel of a package's release for a platform (`linux-x64`, ...). */
export function fitsPlatform(name: string, start: string, platform: string): boolean {
  return name.startsWith(`${start}-`) && PLATFORM_TAGS[platform]?.test(name) === true
}

/**
 * The wheel of a release for a platform. Where the release pins one, it is that one, with the checksum that is pinned.
 * @throws Error saying what the index answered, or that it lists no such wheel
 */
export async function findWheel(
  { project, version, wheels }: TensorflowRelease,
  platform: string,
  index = packageIndex(),
): Promise<IndexedWheel> {
  const start = `${fileName(project)}-${version}`
  const fitting = (await listWheels(project, index)).filter(({ name }) => fitsPlatform(name, start, platform))
  const pinned = wheels[platform]
  const [first] = fitting.sort((a, b) => (a.name < b.name ? -1 : 1))
  const found = fitting.find(({ name }) => name === pinned?.file) ?? first
  if (found === undefined) throw new Error(`${index}/${project}/ lists no ${start} for ${platform}`)
  const sha256 = found.name === pinned?.file ? pinned.sha256 : found.sha256
  return { ...found, sha256 }
}

/**
 * The newest wheel for a platform that serves a requirement.
 * @throws Error saying what the index answered, or which versions it lists
 */
export async function findNewest(
  requirement: Requirement,
  platform: string,
  index = packageIndex(),
): Promise<IndexedWheel> {
  const { project, specifier } = requirement
  const wheels = await listWheels(project, index)
  const found = newestWheel(wheels, requirement, platform)
  if (found !== null) return found
  const versions = wheels.map(({ name }) => versionOf(name)).join(', ') || 'none'
  throw new Error(
    `${index}/${project}/ lists no ${project}${specifier} for ${platform} (versions: ${versions})`,
  )
}

/** The newest of some wheels that serves a requirement on a platform; null where none does. */
export function newestWheel<T extends { readonly name: string }>(
  wheels: readonly T[],
  requirement: Requirement,
  platform: string,
): T | null {
  const start = `${fileName(requirement.project)}-`
  const fitting = wheels.filter(
    ({ name }) => name.startsWith(start) && PACKAGE_TAGS[platform]?.test(name) === true,
  )
  const version = newestFor(
    fitting.map(({ name }) => versionOf(name)),
    requirement,
  )
  return fitting.find(({ name }) => versionOf(name) === version) ?? null
}

/** A project as the names of its files spell it. */
const fileName = (project: string): string => project.replaceAll('-', '_')

const versionOf = (wheel: string): string => wheel.split('-')[1] ?? ''

/** Wheels of a project in an index after PEP 503 (HTML) or PEP 691 (JSON). */
async function listWheels(project: string, index: string): Promise<IndexedWheel[]> {
  const page = `${index}/${project}/`
  const answer = await fetch(page, {
    headers: { accept: `${JSON_TYPE}, text/html;q=0.5` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new Error(`${page}: ${error instanceof TypeError ? causeOf(error) : String(error)}`)
  })
  if (!answer.ok) throw new Error(`${page} answered ${answer.status}`)
  const text = await answer.text()
  const listed = (answer.headers.get('content-type') ?? '').includes('json') ? fromJson(text) : fromHtml(text)
  return listed
    .filter(({ name }) => name.endsWith('.whl'))
    .map((wheel) => ({ ...wheel, url: new URL(wheel.url, answer.url || page).href }))
}

interface IndexPage {
  readonly files: readonly { filename: string; url: string; hashes?: { sha256?: string } }[]
}

const fromJson = (text: string): IndexedWheel[] =>
  (JSON.parse(text) as IndexPage).files.map(({ filename, url, hashes }) => ({
    name: filename,
    url,
    sha256: hashes?.sha256 ?? null,
  }))

const fromHtml = (text: string): IndexedWheel[] =>
  [...text.matchAll(/<a\s[^>]*href="([^"]+)"/gi)].map(([, href = '']) => {
    const [url = '', fragment = ''] = href.replaceAll('&amp;', '&').split('#')
    const name = decodeURIComponent(url.slice(url.lastIndexOf('/') + 1))
    return { name, url, sha256: /sha256=([0-9a-f]{64})/.exec(fragment)?.[1] ?? null }
  })
