import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { asDiskProblem } from './disk-problem.ts'

/** Names that were made, changed or removed in a folder are durable only once it is on disk; Windows has no handle on folders and needs none. */
export function flushFolder(path: string): void {
  if (process.platform === 'win32') return
  try {
    const fd = openSync(path, 'r')
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    throw asDiskProblem(error, path, 'Free some space and try again.')
  }
}

/** Makes a folder where it is missing, so that it is there after a power loss: what is flushed in it would go with it. */
export function makeDurableFolder(path: string): void {
  if (mkdirSync(path, { recursive: true }) !== undefined) flushFolder(dirname(path))
}
