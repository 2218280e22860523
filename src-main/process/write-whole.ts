import { writeSync } from 'node:fs'

/** How long a full pipe is left to its reader before the next attempt. */
const PAUSE_MS = 5

/**
 * Writes all of a text at once, however slowly the other end of a pipe reads. Node makes pipes non-blocking, so a write to
 * a full one ends in EAGAIN or after a part of the text.
 */
export function writeWhole(fd: number, text: string): void {
  let left = Buffer.from(text)
  while (left.length > 0) left = left.subarray(writtenOf(fd, left))
}

function writtenOf(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    return 0
  }
}
