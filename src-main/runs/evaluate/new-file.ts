import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'

/** Answers never overwrite anything. @throws CotrainError for an ending that is not known, and for a place that cannot be written */
export function requireNewFile(path: string): void {
  const refuse = (code: Problem['code'], at: string, message: string, hint: string): never => {
    throw new CotrainError({ code, path: at, message, hint })
  }
  if (!/\.(npz|csv|h5)$/i.test(path))
    refuse('config-invalid', path, 'is no file that can be written.', 'End it with .npz, .csv or .h5.')
  if (existsSync(path)) refuse('not-allowed', path, 'exists already.', 'Choose a new name.')
  if (!existsSync(dirname(path))) refuse('file-missing', dirname(path), 'no such folder.', 'Create it first.')
}
