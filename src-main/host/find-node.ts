import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Lowest Node that runs a worker. */
const NEEDED = [20, 19] as const

export interface FoundNode {
  readonly file: string
  /** Where it came from, for people. */
  readonly reason: string
}

/**
 * A real Node for worker processes: the one that runs this code, else the configured one (COTRAIN_NODE), the one
 * shipped with the app, or one on the PATH. Null inside Electron when there is none.
 */
export function findNode(resources: string | null = null): FoundNode | null {
  if (process.versions['electron'] === undefined)
    return { file: process.execPath, reason: 'the Node that runs this program' }
  const configured = process.env['COTRAIN_NODE']
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const candidates: FoundNode[] = [
    ...(configured ? [{ file: configured, reason: 'configured by COTRAIN_NODE' }] : []),
    ...(resources === null ? [] : [{ file: join(resources, 'node', name), reason: 'shipped with the app' }]),
    { file: name, reason: 'found on the PATH' },
  ]
  return candidates.find(({ file }) => (file === name || existsSync(file)) && isRecentEnough(file)) ?? null
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
