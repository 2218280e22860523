import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { lockHolder } from '../../src-main/disk/file-lock.ts'
import { homeLayout } from '../../src-main/disk/home-layout.ts'
import { isAlive } from '../../src-main/disk/process-identity.ts'
import { runLayout } from '../../src-main/store/files/layout.ts'

/** What was seen at one moment: minutes since the start, bytes, counts and milliseconds by name. */
export interface Sample {
  readonly minutes: number
  readonly [what: string]: number
}

/** Resident memory and open handles of processes together, as Linux counts them; nothing where there is none, or no /proc. */
export function processFacts(name: string, pids: readonly number[]): Record<string, number> {
  const found = pids.flatMap((pid) => factsOf(pid) ?? [])
  if (found.length === 0) return {}
  const sum = (key: 'memory' | 'handles'): number => found.reduce((all, one) => all + one[key], 0)
  return { [`${name}Memory`]: sum('memory'), [`${name}Handles`]: sum('handles') }
}

function factsOf(pid: number): { memory: number; handles: number } | null {
  try {
    const [, kib = '0'] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return { memory: Number(kib) * 1024, handles: readdirSync(`/proc/${pid}/fd`).length }
  } catch {
    return null // it ended meanwhile
  }
}

const idsIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : [])

/** Processes that work on the runs of a home. */
export function workersOf(home: string): number[] {
  const { runs } = homeLayout(home)
  return idsIn(runs).flatMap((id) => {
    const holder = lockHolder(runLayout(join(runs, id)).lock)
    return holder !== null && isAlive(holder) === true ? [holder.pid] : []
  })
}

const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** Sizes of what grows with use: the index, the log of the web server, and of each run of the same length its events and itself. */
export function fileSizes(home: string): Record<string, number> {
  const { runs, indexFile, audit, claims } = homeLayout(home)
  const all = idsIn(runs).filter((id) => !id.startsWith('.'))
  const eventBytes = all.map((id) => bytesOf(runLayout(join(runs, id)).events))
  return {
    indexBytes: bytesOf(indexFile),
    auditBytes: bytesOf(audit),
    longestEvents: Math.max(0, ...eventBytes),
    claims: idsIn(claims).length,
    runs: all.length,
  }
}
