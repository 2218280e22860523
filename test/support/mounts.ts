import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Mounts; says whether this process may. */
export function mount(...args: string[]): boolean {
  try {
    execFileSync('mount', args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Also while a database is still open there. */
export const unmount = (place: string): void =>
  void execFileSync('umount', ['-l', place], { stdio: 'ignore' })

/** Makes a folder read-only, also for root; the answer takes that back. */
export function readOnly(folder: string): () => void {
  if (!mount('--bind', folder, folder)) throw new Error(`${folder} cannot be mounted`)
  execFileSync('mount', ['-o', 'remount,bind,ro', folder])
  return () => unmount(folder)
}

/** Whether this process may mount: needs Linux and the right to, which containers and people without root lack. */
export function mayMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'cotrain-probe-'))
  const may = process.platform === 'linux' && mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place)
  if (may) unmount(place)
  rmSync(place, { recursive: true, force: true })
  return may
}
