import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineProof, EngineProofKey } from '../../../../src-shared/contract/engine-proof.ts'
import { engineProof } from '../../../../src-shared/contract/engine-proof.ts'
import { writeFileAtomic } from '../../../disk/atomic-write.ts'
import { askedVariables } from '../library/engine-environment.ts'
import type { NativeInfo } from '../library/native-info.ts'
import { graphicsName, processorName } from '../library/processor.ts'
import { shortSha256 } from '../../../disk/sha256.ts'
import { casesDigest } from './cases-digest.ts'

/** Proofs for other numbers of threads and settings are kept beside the newest; older ones go. */
const KEPT = 24

/** What a proof of this library on this machine holds for. */
export async function proofKey(info: NativeInfo, threads: number): Promise<EngineProofKey> {
  return {
    library: `TensorFlow ${info.version} ${shortSha256(info.files.map((f) => f.sha256).join())}`,
    processor: processorName(),
    driver: info.gpu ? graphicsName() : '',
    threads,
    asked: askedVariables(),
    cases: await casesDigest(),
  }
}

/** The proof that is kept for a key, or null where it must be made (anew). */
export async function readProof(folder: string, key: EngineProofKey): Promise<EngineProof | null> {
  try {
    const found = engineProof.parse(JSON.parse(await readFile(proofFile(folder, key), 'utf8')))
    return JSON.stringify(found.key) === JSON.stringify(key) ? found : null
  } catch {
    return null // never made, or by a version that kept other facts
  }
}

/** Keeps a proof whole or not at all. */
export async function writeProof(folder: string, proof: EngineProof): Promise<void> {
  const proofs = join(folder, 'proofs')
  await mkdir(proofs, { recursive: true })
  await writeFileAtomic(proofFile(folder, proof.key), `${JSON.stringify(proof, null, 1)}\n`)
  await dropOldest(proofs)
}

const proofFile = (folder: string, key: EngineProofKey): string =>
  join(folder, 'proofs', `${shortSha256(JSON.stringify(key))}.json`)

async function dropOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]+\.json$/.test(name))
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  )
  const old = aged.sort((a, b) => b.at - a.at).slice(KEPT)
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })))
}
