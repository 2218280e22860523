import { resolve } from 'node:path'
import type { Params } from '../../../src-shared/contract/contract.ts'
import { contract } from '../../../src-shared/contract/contract.ts'
import { requireNewFolder } from '../../disk/new-folder.ts'
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
