import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { ImportOption } from '../../../../src-shared/schema/importer/importers.ts'

/** Where in a file: a byte offset, or a name inside it (dataset, member, field). */
export type Position = number | string | null

const locate = (file: string, at: Position): string =>
  at === null ? file : typeof at === 'number' ? `${file}, byte ${at}` : `${file}, ${at}`

/** The file is damaged or is not what it was taken for. `asks`: options of the import that would settle it. */
export function invalidFile(
  file: string,
  at: Position,
  message: string,
  hint?: string,
  asks: readonly ImportOption[] = [],
): CotrainError {
  return new CotrainError({
    code: 'file-invalid',
    path: locate(file, at),
    message,
    ...(hint ? { hint } : {}),
    ...(asks.length > 0 && { asks }),
  })
}

/** The file could be read but must not be: unsafe or beyond a limit. */
export function refusedFile(file: string, at: Position, message: string, hint?: string): CotrainError {
  return new CotrainError({
    code: 'file-refused',
    path: locate(file, at),
    message,
    ...(hint ? { hint } : {}),
  })
}

/** The path does not exist or cannot be opened. `asks` as for {@link invalidFile}. */
export function missingFile(
  file: string,
  message = 'no such file.',
  hint = 'Check the path.',
  asks: readonly ImportOption[] = [],
): CotrainError {
  return new CotrainError({
    code: 'file-missing',
    path: file,
    message,
    hint,
    ...(asks.length > 0 && { asks }),
  })
}
