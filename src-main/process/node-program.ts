import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CotrainError } from '../../src-shared/contract/errors.ts'

/** Lowest Node that runs a worker. */
const NEEDED = [20, 19] as const

export interface FoundNode {
  readonly file: string
  /** Where it came from, for people. */
  readonly reason: string
}

/** What a search depends on; of this process unless given. */
export interface NodeSearch {
  /** Program of this process, and whether it is Electron's: that one is no Node for others, see the fuse `runAsNode`. */
  readonly own: { readonly file: string; readonly isElectron: boolean }
  /** COTRAIN_NODE. */
  readonly configured: string | undefined
  /** Folder beside a packed app in which one is shipped (`node/`). */
  readonly resources: string | undefined
}

const ownSearch = (): NodeSearch => ({
  own: { file: process.execPath, isElectron: process.versions['electron'] !== undefined },
  configured: process.env['COTRAIN_NODE'],
  resources: 'resourcesPath' in process ? String(process.resourcesPath) : undefined,
})

/**
 * A real Node for child processes: the one that runs this code, else the configured one (COTRAIN_NODE), the one shipped
 * with the app, or one on the PATH. Null inside Electron when there is none.
 */
export function findNode({ own, configured, resources }: NodeSearch = ownSearch()): FoundNode | null {
  if (!own.isElectron) return { file: own.file, reason: 'the Node that runs this program' }
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const candidates: FoundNode[] = [
    ...(configured ? [{ file: configured, reason: 'configured by COTRAIN_NODE' }] : []),
    ...(resources === undefined
      ? []
      : [{ file: join(resources, 'node', name), reason: 'shipped with the app' }]),
    { file: name, reason: 'found on the PATH' },
  ]
  return candidates.find(({ file }) => (file === name || existsSync(file)) && isRecentEnough(file)) ?? null
}

let found: FoundNode | undefined

/**
 * The Node that every child process of the app is started with.
 * @throws CotrainError `engine-unavailable` inside Electron when there is none: nothing can be read or computed then
 */
export function nodeProgram(): string {
  found ??= findNode() ?? undefined
  if (found !== undefined) return found.file
  throw new CotrainError({
    code: 'engine-unavailable',
    message: `no Node ${NEEDED.join('.')} or later was found: not with the app, not on the PATH.`,
    hint: 'Install the app again, or set COTRAIN_NODE to the path of a Node.',
  })
}

function isRecentEnough(file: string): boolean {
  try {
    const text = execFileSync(file, ['--version'], { encoding: 'utf8', timeout: 10_000 })
    const [major = 0, minor = 0] = text.trim().replace(/^v/, '').split('.').map(Number)
    return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
  } catch {
    return false
  }
}
