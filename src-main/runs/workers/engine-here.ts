import type { EngineProof } from '../../../src-shared/contract/engine-proof.ts'
import { engineInUse } from '../../io/native/engine-in-use.ts'
import type { ComputeDevice } from '../../io/native/devices/compute-devices.ts'
import { askedTf32, numbersHere } from '../../io/native/library/engine-environment.ts'
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
  /** The largest tensor that the device of WebGPU can hold; null where that is not known, or there is no such limit. */
  readonly maxBufferBytes: number | null
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
  const use = await engineInUse({
    home,
    asked: process.env['COTRAIN_ENGINE'] ?? engine,
    threads: threads || undefined,
  })
  const { name, info, proof, webgpu } = use
  const gpu = name === 'native' && use.gpu
  const tf32 = askedTf32()
  return {
    name,
    tfVersion: name === 'native' ? (info?.version ?? '') : '',
    gpu,
    cards: gpu ? devices : [],
    proof,
    maxBufferBytes: name === 'webgpu' ? (webgpu?.adapter?.maxBufferBytes ?? null) : null,
    tf32: tf32 === null ? null : tf32 === '1',
    deterministic: null,
  }
}

/** The engine that was loaded into this process. */
export function engineLoaded({ name, tfVersion, gpu, cards = [], proof = null }: BackendFacts): EngineHere {
  return { name, tfVersion, gpu, cards, proof, maxBufferBytes: null, ...numbersHere() }
}
