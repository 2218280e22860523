import { statSync } from 'node:fs'

/** What changes with a file: its number, size and time. `-` for none. */
export function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? '-' : `${stat.ino}:${stat.size}:${stat.mtimeMs}`
}
