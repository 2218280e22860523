import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { sha256OfFile, sha256OfFileNow } from '../../disk/sha256.ts'
import { readResult } from './run-folder.ts'
import { runLayout } from './layout.ts'
import type { KeptFile } from './run-record.ts'

/** Final weights and arrays of a run by their names in its folder; only of those that are there. */
function finalFiles(folder: string): { name: string; path: string }[] {
  const { weights, arrays } = runLayout(folder)
  return [weights, arrays]
    .filter((path) => statSync(path, { throwIfNoEntry: false }) !== undefined)
    .map((path) => ({ name: basename(path), path }))
}

/** Sizes and sums of the final weights and arrays, for the result that is written after them. */
export async function sumsOfFinalFiles(folder: string): Promise<Record<string, KeptFile>> {
  const sums: Record<string, KeptFile> = {}
  for (const { name, path } of finalFiles(folder))
    sums[name] = { bytes: statSync(path).size, sha256: await sha256OfFile(path) }
  return sums
}

/**
 * Whether the final weights or arrays of a run are as they were written; reads the whole file. `unknown` for a run of an
 * earlier version, which kept no sums.
 */
export function finalFileState(folder: string, path: string): 'whole' | 'changed' | 'unknown' {
  const kept = readResult(folder)?.files?.[basename(path)]
  if (kept === undefined) return 'unknown'
  const isSame = statSync(path).size === kept.bytes && sha256OfFileNow(path) === kept.sha256
  return isSame ? 'whole' : 'changed'
}

/** @throws CotrainError `file-invalid` naming final weights or arrays that are not those that were written */
export function requireWhole(folder: string, path: string): void {
  if (finalFileState(folder, path) !== 'changed') return
  throw new CotrainError({
    code: 'file-invalid',
    path,
    message: 'it does not have the content that was written when the run finished.',
    hint: 'Put a copy of the original there, or use a checkpoint of the run (`cotrain store check` says which are whole).',
  })
}
