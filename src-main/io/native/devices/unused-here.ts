import { keptProof } from '../proof/prove-engine.ts'
import { proofLine } from '../../../../src-shared/contract/engine-proof.ts'
import { gpuLibraries } from '../library/gpu-libraries.ts'
import { engineFolder, platformName, readNativeInfo, staleReason } from '../library/native-info.ts'
import { chooseEngine } from '../setup/engine-choice.ts'
import type { NvidiaSources } from './nvidia.ts'
import { nvidiaDevices } from './nvidia.ts'
import { unusedGpu } from './unused-gpu.ts'

export interface EngineInUse {
  readonly home: string
  /** The engine that is asked for: `auto`, `native`, `gpu`, `wasm`, ... */
  readonly asked: string
  /** Threads within an operation; absent: as many as there are cores. */
  readonly threads?: number
}

/**
 * Why a card of this machine will compute nothing in a run, and what to do; null where it computes, or there is none.
 * By what set-up has recorded and the driver tells: nothing is loaded or timed.
 */
export async function unusedGpuHere(use: EngineInUse, sources: NvidiaSources = {}): Promise<string | null> {
  if (use.asked === 'webgpu') return null // computes on the card by other means
  const gpus = await nvidiaDevices(sources)
  if (gpus.length === 0) return null
  const info = await readNativeInfo(engineFolder(use.home))
  const embedded = await whyEmbedded(use)
  const native = embedded === null ? info : null
  return unusedGpu({
    gpus,
    backend: {
      name: native === null ? 'wasm' : 'native',
      gpu: native?.gpu === true && process.env['CUDA_VISIBLE_DEVICES'] !== '',
      reason: embedded ?? '',
    },
    libraries:
      native === null ? [] : (gpuLibraries(native.version, [...native.libraryPath, native.libDir]) ?? []),
    route: info?.kind ?? '',
    platform: platformName(),
    choice: chooseEngine({ platform: platformName(), gpus }, 'auto'),
  })
}

/** Why the embedded engine will compute; null where the native one will. */
async function whyEmbedded({ home, asked, threads }: EngineInUse): Promise<string | null> {
  if (asked === 'wasm' || asked === 'cpu') return 'it was asked for'
  const info = await readNativeInfo(engineFolder(home))
  if (info === null) return 'the native engine has not been set up'
  const proof = await keptProof(home, threads)
  return (await staleReason(info)) ?? (proof?.usable === false ? proofLine(proof) : null)
}
