import type { EngineWish } from '../../../../src-shared/contract/engine-wish.ts'

/** What a trial of the WebGPU engine on an adapter of this machine came to. */
export interface WebGpuTrial {
  /** Its operations were right. */
  readonly proved: boolean
  /** Milliseconds of one training step with it, and of the same with the engine of the processor. */
  readonly stepMs: number
  readonly cpuStepMs: number
  /** Its driver is a program that computes on the processor (SwiftShader, llvmpipe). */
  readonly isSoftware: boolean
}

export interface WebGpuChoice {
  /** Taken without being asked for; else `COTRAIN_ENGINE=webgpu` asks for it. */
  readonly isDefault: boolean
  /** A sentence for people. */
  readonly why: string
}

/**
 * Whether WebGPU computes where no CUDA does: only after a trial that was right on a real adapter, and faster than the processor;
 * where a card was asked for, right is enough.
 */
export function chooseWebGpu(trial: WebGpuTrial | null, wish: EngineWish): WebGpuChoice {
  const no = (why: string): WebGpuChoice => ({ isDefault: false, why: `WebGPU is not used: ${why}` })
  if (wish === 'cpu' || wish === 'official') return no('another engine was asked for')
  if (trial === null) return no('it was not tried here (COTRAIN_ENGINE=webgpu asks for it)')
  const { proved, stepMs, cpuStepMs, isSoftware } = trial
  const times = `a step takes ${rounded(stepMs)} ms, ${rounded(cpuStepMs)} ms on the processor`
  if (isSoftware) return no('its driver is a program that computes on the processor')
  if (!proved) return no('it does not compute right on this adapter')
  if (wish === 'gpu') return { isDefault: true, why: `WebGPU computes, as a card was asked for: ${times}` }
  if (!(stepMs > 0 && stepMs < cpuStepMs)) return no(times)
  return { isDefault: true, why: `WebGPU computes: ${times}` }
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10
