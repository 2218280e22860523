import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import { asDiskProblem } from './disk-problem.ts'
import { errorCode } from './error-code.ts'

/**
 * A JSON file checked against its schema; null when it does not exist.
 * @throws CotrainError `file-invalid` naming the file for text that is not JSON or not of this shape.
 */
export function readJson<S extends z.ZodType>(path: string, schema: S): z.output<S> | null {
  const text = readText(path)
  if (text === null) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw damaged(path, 'it is not JSON.', error)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw damaged(
    path,
    `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unexpected content'}.`,
    parsed.error,
  )
}

/** A text file, null when it does not exist. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw asDiskProblem(error, path, 'Free some space and try again.')
  }
}

function damaged(path: string, message: string, cause: unknown): CotrainError {
  const hint = 'The file is damaged or was made by another version; its folder is left as it is.'
  return new CotrainError({ code: 'file-invalid', path, message, hint }, { cause })
}
