import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { dirname, join, resolve } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { Params } from '../../../src-shared/contract/contract.ts'
import { contract } from '../../../src-shared/contract/contract.ts'
import { asDiskFull } from '../../disk/disk-full.ts'
import type { Workspace } from '../home/workspace.ts'

export type NetworkFormat = Params<'runs.exportNetwork'>['format']

/**
 * Writes the network of a finished run into the new folder `to`, for PyTorch or as ONNX. A process of its own computes the answers that go
 * with it, on the processor, so that they do not depend on the engine of this machine.
 */
export function exportNetwork(
  workspace: Workspace,
  { id, to, format }: Params<'runs.exportNetwork'>,
): Promise<{ path: string; files: string[] }> {
  const folder = resolve(workspace.folder, to)
  requireNewFolder(folder)
  return workspace.ask({
    job: 'network',
    folder: workspace.folder,
    request: { id, to: folder, format },
    answer: contract['runs.exportNetwork'].result,
    doing: 'exporting the network',
    env: { COTRAIN_ENGINE: 'wasm' },
  })
}

/** @throws CotrainError `not-allowed` where something is there already */
function requireNewFolder(folder: string): void {
  if (!existsSync(folder)) return
  throw new CotrainError({
    code: 'not-allowed',
    path: folder,
    message: 'is there already.',
    hint: 'Remove it, or name a new folder.',
  })
}

/** Writes files into a new folder, all or none. */
export async function writeNewFolder(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  requireNewFolder(folder)
  await mkdir(dirname(folder), { recursive: true })
  const temporary = join(dirname(folder), `.${randomBytes(4).toString('hex')}.tmp`)
  try {
    await mkdir(temporary)
    for (const [name, content] of files) await writeFile(join(temporary, name), content)
    await rename(temporary, folder)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw asDiskFull(error, folder, 'Free some space and try again.')
  }
}
