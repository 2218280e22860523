import { open, rename, rm } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import { asDiskProblem } from './disk-problem.ts'
import { errorCode } from './error-code.ts'
import { flushFolder } from './flush-folder.ts'

/**
 * Lets `fill` write a temporary file beside `path`, then puts it in place in one step: flush, rename, flush the
 * folder. A reader sees the old file or the new one; on any error the temporary file is gone.
 */
export async function replaceFile<T>(path: string, fill: (temporary: string) => Promise<T> | T): Promise<T> {
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`,
  )
  try {
    const result = await fill(temporary)
    await flush(temporary)
    await rename(temporary, path)
    flushFolder(dirname(path))
    return result
  } catch (error) {
    await rm(temporary, { force: true })
    throw asWriteProblem(error, path)
  }
}

/** Writes all bytes to `path` or leaves it as it was. */
export function writeFileAtomic(
  path: string,
  data: Uint8Array | string | readonly Uint8Array[],
): Promise<void> {
  const parts = typeof data === 'string' || data instanceof Uint8Array ? [data] : data
  return replaceFile(path, async (temporary) => {
    const file = await open(temporary, 'wx')
    try {
      for (const part of parts) await file.appendFile(part)
    } finally {
      await file.close()
    }
  })
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

function asWriteProblem(error: unknown, path: string): unknown {
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new CotrainError(
      { code: 'file-missing', path, message: 'its folder does not exist.', hint: 'Create the folder first.' },
      { cause: error },
    )
  return asDiskProblem(error, path, 'Free some space and start again.')
}
