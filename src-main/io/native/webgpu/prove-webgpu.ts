import type { EngineProof } from '../../../../src-shared/contract/engine-proof.ts'
import { proofCases } from '../../../engine/proof/proof-cases.ts'
import type { ProveOptions } from '../proof/prove-engine.ts'
import { AS_IT_COMES, keptOrMade, proofOf } from '../proof/prove-engine.ts'
import { runProof } from '../proof/run-proof.ts'
import type { AdapterFacts } from './webgpu-record.ts'
import { keyOf } from './kept-webgpu-proof.ts'

type Proving = Pick<ProveOptions, 'again' | 'onProgress' | 'signal'>

/**
 * What WebGPU showed on this adapter: the operations that the engine issues through it, against the same reference as those of
 * the native engine, in a child process. There is one setting, so a fault means that it is not used.
 */
export async function proveWebgpu(
  folder: string,
  adapter: AdapterFacts,
  { again = false, onProgress, signal }: Proving = {},
): Promise<EngineProof> {
  const key = await keyOf(adapter)
  const how = { ...(onProgress && { onProgress }), ...(signal && { signal }) }
  return keptOrMade({ folder, again, ...how }, key, async () => {
    const began = performance.now()
    const outcome = await runProof({
      info: { engine: 'webgpu', addon: '', libraries: [], libraryPath: [], gpu: true },
      setting: AS_IT_COMES,
      threads: 1,
      only: casesOfWebgpu(),
      ...(signal && { signal }),
      onProgress: (done, total) =>
        onProgress?.({
          route: '',
          phase: 'proving',
          message: `operations of WebGPU on ${adapter.name}: ${done} of ${total}`,
        }),
    })
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
