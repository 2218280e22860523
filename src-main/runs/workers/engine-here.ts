import type { EngineProof } from '../../../src-shared/contract/engine-proof.ts'
import type { ComputeDevice } from '../../io/native/devices/compute-devices.ts'
import { askedTf32, numbersHere } from '../../io/native/library/engine-environment.ts'
import { engineFolder, readNativeInfo } from '../../io/native/library/native-info.ts'
import { keptProof } from '../../io/native/proof/prove-engine.ts'
import type { BackendFacts } from './engine-parts.ts'

/** What computes a run, as far as it decides which number formats and repeats there are. */
export interface EngineHere {
  readonly name: BackendFacts['name']
  /** Version of TensorFlow; '' for the other engines. */
  readonly tfVersion: string
  readonly gpu: boolean
  /** Cards, or parts of them, that a run may be given. */
  readonly cards: NonNullable<BackendFacts['cards']>
  readonly proof: EngineProof | null
  /** Whether TF32 is on in the process that computes, or somebody has set its variable; null where it will be as a run asks. */
  readonly tf32: boolean | null
  /** Whether TensorFlow's switches for repeats are on in the process that computes; null where it is not this one. */
  readonly deterministic: boolean | null
}

/**
 * The engine that a worker of this home will find on one of these devices, without starting one: by the settings, where `threads`
 * is 0 for as many as there are cores.
 */
export async function engineToCome(
  { home, engine, threads }: { readonly home: string; readonly engine: string; readonly threads: number },
  devices: readonly ComputeDevice[],
): Promise<EngineHere> {
  const info = await readNativeInfo(engineFolder(home))
  const proof = await keptProof(home, threads || undefined)
  const asked = process.env['COTRAIN_ENGINE'] ?? engine
  const isNative = info !== null && info.kind !== 'none' && proof?.usable !== false
  const isOther = asked === 'wasm' || asked === 'cpu' || asked === 'webgpu'
  const name = isOther ? asked : isNative ? 'native' : 'wasm'
  const gpu = name === 'native' && info?.gpu === true
  const tf32 = askedTf32()
  return {
    name,
    tfVersion: name === 'native' ? (info?.version ?? '') : '',
    gpu,
    cards: gpu ? devices : [],
    // That of WebGPU is found by the adapter, which only a worker opens.
    proof: name === 'webgpu' ? null : proof,
    tf32: tf32 === null ? null : tf32 === '1',
    deterministic: null,
  }
}

/** The engine that was loaded into this process. */
export function engineLoaded({ name, tfVersion, gpu, cards = [], proof = null }: BackendFacts): EngineHere {
  return { name, tfVersion, gpu, cards, proof, ...numbersHere() }
}
