import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { errorCode } from './error-code.ts'

/** A process on a machine, told apart from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in the words of the operating system; '' where that cannot be found out. */
  readonly start: string
  readonly host: string
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, start: processStart(process.pid) ?? '', host: hostname() }
}

/** Whether that very process still runs; null for another machine, where it cannot be seen from here. */
export function isAlive(identity: ProcessIdentity): boolean | null {
  if (identity.host !== hostname()) return null
  const start = processStart(identity.pid)
  if (start === null) return false
  return identity.start === '' || start === '' || identity.start === start
}

/** Start of a live process; null when there is none with this number (a zombie counts as none). */
export function processStart(pid: number): string | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null
  if (process.platform === 'linux') return linuxStart(pid)
  if (process.platform === 'win32') return exists(pid) ? '' : null
  try {
    const text = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    return text === '' || text.startsWith('Z') ? null : text.replace(/^\S+\s+/, '')
  } catch {
    return null
  }
}

/** proc(5): the fields after the command name, which may itself contain spaces and brackets. */
function linuxStart(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const state = fields[0]
    if (state === 'Z' || state === 'X') return null
    return `${bootId()}:${fields[19] ?? ''}`
  } catch {
    return null
  }
}

let boot: string | undefined
/** Start times count from boot, so the boot belongs to them. */
function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8)
  return boot
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}
