import { createRequire } from 'node:module'
import type { EngineProof, EngineProofKey } from '../../../../src-shared/contract/engine-proof.ts'
import { proofCases } from '../../../engine/proof/proof-cases.ts'
import { tfjsVersion } from '../library/native-info.ts'
import { casesDigest } from '../proof/cases-digest.ts'
import { AS_IT_COMES, keptOrMade, proofOf } from '../proof/prove-engine.ts'
import { runProof } from '../proof/run-proof.ts'
import type { AdapterFacts } from './open-adapter.ts'

const require = createRequire(import.meta.url)

/**
 * What WebGPU showed on this adapter: the operations that the engine issues through it, against the same reference as those of
 * the native engine, in a child process. There is one setting, so a fault means that it is not used.
 */
export async function proveWebgpu(folder: string, adapter: AdapterFacts): Promise<EngineProof> {
  const { version } = require('webgpu/package.json') as { version: string }
  const key: EngineProofKey = {
    library: `WebGPU (Dawn ${version}, TensorFlow.js ${tfjsVersion()})`,
    processor: '',
    driver: adapter.name,
    threads: 1,
    asked: {},
    cases: await casesDigest(),
  }
  return keptOrMade({ folder }, key, async () => {
    const began = performance.now()
    const info = { engine: 'webgpu', addon: '', libraries: [], libraryPath: [], gpu: true } as const
    const outcome = await runProof({ info, setting: AS_IT_COMES, threads: 1, only: casesOfWebgpu() })
    const setting = outcome.faults.some(({ kind }) => kind !== 'varies') ? null : AS_IT_COMES
    const found = { setting, outcome, first: [], tried: [] }
    return { ...proofOf(found, key), ms: performance.now() - began, at: Date.now() }
  })
}

/** Updates in place and bfloat16 are of TensorFlow; all else goes through either. */
const OF_TENSORFLOW = /^(Resource|VarHandleOp|AssignVariableOp|ReadVariableOp|DestroyResourceOp)/

const casesOfWebgpu = (): number[] =>
  proofCases().flatMap(({ operation, format }, index) =>
    format === 'bfloat16' || OF_TENSORFLOW.test(operation) ? [] : [index],
  )
