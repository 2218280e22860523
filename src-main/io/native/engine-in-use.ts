import type { EngineName } from '../../../src-shared/contract/engine-name.ts'
import type { EngineProof } from '../../../src-shared/contract/engine-proof.ts'
import { proofLine } from '../../../src-shared/contract/engine-proof.ts'
import type { NativeInfo } from './library/native-info.ts'
import { engineFolder, readNativeInfo, staleReason } from './library/native-info.ts'
import { keptProof } from './proof/prove-engine.ts'
import { chooseWebGpu } from './setup/webgpu-choice.ts'
import { keptWebgpuProof } from './webgpu/kept-webgpu-proof.ts'
import type { WebgpuRecord } from './webgpu/webgpu-record.ts'
import { readWebgpu } from './webgpu/webgpu-record.ts'

export interface EngineQuestion {
  readonly home: string
  /** The engine that is asked for: `auto` or '', `native`, `gpu`, `webgpu`, `wasm`, `cpu`. */
  readonly asked: string
  /** Threads within an operation; absent: as many as there are cores. */
  readonly threads?: number | undefined
}

/** Which engine a process of a home computes with, by what set-up has recorded. */
export interface EngineInUse {
  readonly name: EngineName
  /** Why this one, in words. */
  readonly why: string
  /** Whether its arithmetic is done on a card. */
  readonly gpu: boolean
  /** The record of the native library, whether it is used or not; null where none was set up. */
  readonly info: NativeInfo | null
  /** Why the native library cannot be loaded; null where it can. */
  readonly missing: string | null
  /** The proof that is kept of the engine; of the native one where its proof is why the embedded one computes. */
  readonly proof: EngineProof | null
  /** The record of WebGPU; null where it was not looked for. */
  readonly webgpu: WebgpuRecord | null
}

/**
 * The engine in use: the one place where that is decided, for the process that loads it and for all that tell of it. What was
 * asked for, else a library on a card, else WebGPU where its trial decided so, else the library, else the embedded one. Nothing
 * is loaded, opened or timed.
 */
export async function engineInUse({ home, asked, threads }: EngineQuestion): Promise<EngineInUse> {
  const folder = engineFolder(home)
  const [info, webgpu] = await Promise.all([readNativeInfo(folder), readWebgpu(folder)])
  const missing = info === null ? 'the native engine has not been set up' : await staleReason(info)
  const facts = { info, missing, webgpu }
  if (asked === 'wasm' || asked === 'cpu')
    return { ...facts, name: asked, why: `${asked} was asked for`, gpu: false, proof: null }
  const onCard = missing === null && info?.gpu === true
  const chosen = asked === 'webgpu' ? 'WebGPU was asked for' : whyWebgpu(webgpu, asked, onCard)
  if (chosen !== null) {
    const adapter = webgpu?.adapter ?? null
    const proof = adapter === null ? null : await keptWebgpuProof(folder, adapter)
    return { ...facts, name: 'webgpu', why: chosen, gpu: adapter?.isSoftware !== true, proof }
  }
  const proof = missing === null ? await keptProof(home, threads) : null
  if (missing !== null) return { ...facts, name: 'wasm', why: missing, gpu: false, proof }
  if (proof?.usable === false) return { ...facts, name: 'wasm', why: proofLine(proof), gpu: false, proof }
  const why = `TensorFlow ${info?.version} found by the ${info?.kind} route`
  return { ...facts, name: 'native', why, gpu: onCard, proof }
}

/** Why WebGPU is taken without being named; null where it is not. */
function whyWebgpu(webgpu: WebgpuRecord | null, asked: string, onCard: boolean): string | null {
  if (webgpu === null || webgpu.trial === null) return null
  const isCard = asked === 'gpu'
  if (!isCard && asked !== '' && asked !== 'auto') return null
  // A library that computes on its card is faster; only somebody who has asked for WebGPU itself gets it all the same.
  if (onCard && (isCard || webgpu.wish !== 'webgpu')) return null
  const { isDefault, why } = chooseWebGpu(webgpu.trial, isCard ? 'gpu' : webgpu.wish)
  return isDefault ? why : null
}
