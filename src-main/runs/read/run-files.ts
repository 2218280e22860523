import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Params, Result } from '../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { filesOf } from '../../store/files/run-folder.ts'
import type { RunStore } from '../../store/run-store.ts'

/** Part of a file of a run. Only names that the run's own listing has are served; nothing is taken as a path. */
export function readRunFile(
  store: RunStore,
  { id, name, offset, length }: Params<'runs.readFile'>,
): Result<'runs.readFile'> {
  store.read(id)
  const { folder } = store.files(id)
  const known = filesOf(folder).find((file) => file.name === name)
  if (known === undefined) {
    throw new CotrainError({
      code: 'not-found',
      path: name,
      message: 'the run has no such file.',
      hint: 'Its files are listed under Environment and files.',
    })
  }
  const fd = openSync(join(folder, ...known.name.split('/')), 'r')
  try {
    const buffer = Buffer.alloc(Math.max(0, Math.min(length, fstatSync(fd).size - offset)))
    const count = readSync(fd, buffer, 0, buffer.length, offset)
    return { bytes: fstatSync(fd).size, base64: buffer.subarray(0, count).toString('base64') }
  } finally {
    closeSync(fd)
  }
}
