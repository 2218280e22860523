import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import { asDiskProblem } from './disk-problem.ts'

/** @throws CotrainError `not-allowed` where something is there already */
export function requireNewFolder(path: string): void {
  if (!existsSync(path)) return
  throw new CotrainError({
    code: 'not-allowed',
    path,
    message: 'exists already.',
    hint: 'Remove it, or choose a new folder.',
  })
}

/**
 * Makes a folder and what `fill` writes into it, all or nothing: it is filled under another name beside its place.
 * @throws CotrainError `not-allowed` where something is there already, or for a full disk
 */
export async function writeNewFolder(path: string, fill: (folder: string) => Promise<void>): Promise<void> {
  requireNewFolder(path)
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`)
  try {
    await mkdir(temporary, { recursive: true })
    await fill(temporary)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw asDiskProblem(error, path, 'Free some space and try again.')
  }
}
