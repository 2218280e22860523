import type { EngineQuestion } from '../engine-in-use.ts'
import { engineInUse } from '../engine-in-use.ts'
import { gpuLibraries } from '../library/gpu-libraries.ts'
import { platformName } from '../library/native-info.ts'
import { chooseEngine } from '../setup/engine-choice.ts'
import type { NvidiaSources } from './nvidia.ts'
import { nvidiaDevices } from './nvidia.ts'
import { unusedGpu } from './unused-gpu.ts'

/**
 * Why a card of this machine will compute nothing in a run, and what to do; null where it computes, or there is none.
 * By what set-up has recorded and the driver tells: nothing is loaded or timed.
 */
export async function unusedGpuHere(
  question: EngineQuestion,
  sources: NvidiaSources = {},
): Promise<string | null> {
  const { name, gpu, why, info, webgpu } = await engineInUse(question)
  if (name === 'webgpu' && gpu) return null // computes on the card by other means
  const gpus = await nvidiaDevices(sources)
  if (gpus.length === 0) return null
  const native = name === 'native' ? info : null
  return unusedGpu({
    gpus,
    backend: { name, gpu: gpu && process.env['CUDA_VISIBLE_DEVICES'] !== '', reason: why },
    libraries:
      native === null ? [] : (gpuLibraries(native.version, [...native.libraryPath, native.libDir]) ?? []),
    route: info?.kind ?? '',
    platform: platformName(),
    choice: chooseEngine({ platform: platformName(), gpus, webgpu: webgpu?.trial ?? null }, 'auto'),
  })
}
