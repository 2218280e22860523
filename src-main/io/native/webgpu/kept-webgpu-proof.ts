import type { EngineProof, EngineProofKey } from '../../../../src-shared/contract/engine-proof.ts'
import { readProof } from '../proof/proof-store.ts'
import type { AdapterFacts } from './webgpu-record.ts'
import { webgpuKey } from './webgpu-record.ts'

/** The proof that is kept for this adapter; null where none was made. Starts nothing. */
export const keptWebgpuProof = async (folder: string, adapter: AdapterFacts): Promise<EngineProof | null> =>
  readProof(folder, await keyOf(adapter))

/** What a proof of WebGPU on an adapter depends on. */
export async function keyOf({ name }: AdapterFacts): Promise<EngineProofKey> {
  const { library, cases } = await webgpuKey()
  return { library, processor: '', driver: name, threads: 1, asked: {}, cases }
}
