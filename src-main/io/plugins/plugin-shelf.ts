import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { writeFileAtomic } from '../../disk/atomic-write.ts'
import { homeLayout } from '../../disk/home-layout.ts'
import type { PluginFolder } from './plugin-folder.ts'
import { readPluginFolder } from './plugin-folder.ts'

/** Hashes in the order in which they were trusted. */
const trustFile = z.strictObject({ trusted: z.array(z.string()) })
const HASH = /^[0-9a-f]{64}$/

/** A plug-in that is kept in the home. */
export interface KeptPlugin {
  readonly hash: string
  readonly trusted: boolean
  /** null where its folder is not what was added: `problem` says why. */
  readonly content: PluginFolder | null
  readonly problem: Problem | null
}

const shelfOf = (home: string): string => homeLayout(home).plugins
const trustOf = (home: string): string => join(shelfOf(home), 'trusted.json')
export const pluginFolder = (home: string, hash: string): string => join(shelfOf(home), hash)

/** Copies a plug-in into the home, under the hash of its content; runs nothing of it. */
export async function keepPlugin(home: string, folder: string): Promise<PluginFolder> {
  const content = readPluginFolder(folder)
  const place = pluginFolder(home, content.hash)
  if (existsSync(place)) return readKept(home, content.hash)
  const temporary = join(shelfOf(home), `.${content.hash.slice(0, 16)}-${randomBytes(4).toString('hex')}.tmp`)
  try {
    for (const { path, bytes } of content.files) {
      const target = join(temporary, path)
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, bytes, { flag: 'wx' })
    }
    await rename(temporary, place)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
  return content
}

/** Every plug-in of the home; those that were trusted last come first. */
export function keptPlugins(home: string): readonly KeptPlugin[] {
  if (!existsSync(shelfOf(home))) return []
  const trusted = trustedHashes(home)
  const hashes = readdirSync(shelfOf(home)).filter((name) => HASH.test(name))
  const rank = (hash: string): number => trusted.indexOf(hash)
  return hashes
    .sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1))
    .map((hash) => ({ hash, trusted: trusted.includes(hash), ...lookAt(home, hash) }))
}

function lookAt(home: string, hash: string): Pick<KeptPlugin, 'content' | 'problem'> {
  try {
    return { content: readKept(home, hash), problem: null }
  } catch (error) {
    return { content: null, problem: toProblems(error)[0] ?? null }
  }
}

/** A plug-in as it was added. @throws CotrainError when it is gone, or is not what was added */
function readKept(home: string, hash: string): PluginFolder {
  const folder = pluginFolder(home, hash)
  if (!existsSync(folder)) throw missing(hash)
  const content = readPluginFolder(folder)
  if (content.hash === hash) return content
  throw new CotrainError({
    code: 'file-refused',
    path: folder,
    message: 'its files are not those that were added and trusted.',
    hint: 'Remove the plug-in and add it again from its own folder.',
  })
}

const missing = (hash: string): CotrainError =>
  new CotrainError({
    code: 'file-missing',
    path: `plug-in ${hash.slice(0, 10)}`,
    message: 'this home does not have the plug-in.',
    hint: 'Add the folder of just this version again: cotrain plugin add <folder>.',
  })

/** The plug-in of a hash, for its code to run. @throws CotrainError unless it is there, unchanged and trusted */
export function trustedPlugin(home: string, hash: string): PluginFolder {
  const content = readKept(home, hash)
  if (trustedHashes(home).includes(hash)) return content
  const { name, version } = content.package
  throw new CotrainError({
    code: 'not-allowed',
    path: `plug-in ${name} ${version}`,
    message: 'is not trusted, so that its code does not run.',
    hint: `Look at its files, then trust it: Settings, Plug-ins, or cotrain plugin trust ${hash.slice(0, 10)}.`,
  })
}

/** Lets the code of a plug-in run from now on, with the rights of the user. The one trusted last comes first. */
export async function trustPlugin(home: string, hash: string): Promise<void> {
  readKept(home, hash)
  await writeTrusted(home, [...trustedHashes(home).filter((other) => other !== hash), hash])
}

/** Takes a plug-in out of the home, and its trust with it. */
export async function removePlugin(home: string, hash: string): Promise<void> {
  if (!existsSync(pluginFolder(home, hash))) throw missing(hash)
  await writeTrusted(
    home,
    trustedHashes(home).filter((other) => other !== hash),
  )
  await rm(pluginFolder(home, hash), { recursive: true, force: true })
}

function trustedHashes(home: string): readonly string[] {
  const path = trustOf(home)
  if (!existsSync(path)) return []
  try {
    return trustFile.parse(JSON.parse(readFileSync(path, 'utf8'))).trusted
  } catch (error) {
    throw new CotrainError(
      {
        code: 'file-invalid',
        path,
        message: 'cannot be read, so that no plug-in is trusted.',
        hint: 'Delete it, then trust again what you trust.',
      },
      { cause: error },
    )
  }
}

async function writeTrusted(home: string, trusted: readonly string[]): Promise<void> {
  mkdirSync(shelfOf(home), { recursive: true })
  await writeFileAtomic(trustOf(home), `${JSON.stringify({ trusted }, null, 2)}\n`)
}
