import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import { isDiskFull } from './disk-problem.ts'
import { errorCode } from './error-code.ts'

/** Records, queue and log of a run that starts; checkpoints need more and say so themselves. */
const ROOM_BYTES = 256 * 1024

/** @throws CotrainError `disk-full` naming the folder when nothing can be written there, before anything was changed. */
export function checkWritable(home: string): void {
  const probe = join(home, `.probe-${randomBytes(6).toString('hex')}`)
  try {
    const fd = openSync(probe, 'wx')
    try {
      for (let done = 0; done < ROOM_BYTES;) done += writeSync(fd, Buffer.alloc(ROOM_BYTES - done))
      fsyncSync(fd)
    } finally {
      closeSync(fd)
      rmSync(probe, { force: true })
    }
  } catch (error) {
    const code = errorCode(error) ?? 'unknown'
    const isFull = isDiskFull(error)
    const message = isFull ? 'the disk is full.' : `the folder cannot be written (${code}).`
    const hint = isFull
      ? 'Free some space and give the command again; nothing was changed.'
      : 'Make it writable and give the command again; nothing was changed.'
    throw new CotrainError({ code: 'disk-full', path: home, message, hint }, { cause: error })
  }
}
