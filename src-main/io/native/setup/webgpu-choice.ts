import type { EngineWish } from '../../../../src-shared/contract/engine-wish.ts'

/** What a trial of the WebGPU engine on the adapter of this machine came to. */
export interface WebGpuTrial {
  /** The adapter with its driver. */
  readonly adapter: string
  /** Its driver is a program that computes on the processor (SwiftShader, llvmpipe): tried only where a person asks for it. */
  readonly isSoftware: boolean
  /** Why it cannot be used: what it computes wrong, or why a training step failed; null where it can. */
  readonly problem: string | null
  /** Milliseconds of one training step; null where it was not timed, or not done in the time given. */
  readonly stepMs: number | null
  /** Of the same step with the engine of the processor. */
  readonly cpuStepMs: number | null
}

export interface WebGpuChoice {
  /** Taken without being asked for in each run; else `COTRAIN_ENGINE=webgpu` asks for it. */
  readonly isDefault: boolean
  /** A sentence for people. */
  readonly why: string
}

/**
 * Whether WebGPU computes where no CUDA does: only after a trial that was right on a real adapter, and faster than the processor;
 * where a card or WebGPU itself was asked for, right is enough.
 */
export function chooseWebGpu(trial: WebGpuTrial | null, wish: EngineWish): WebGpuChoice {
  const no = (why: string): WebGpuChoice => ({ isDefault: false, why: `WebGPU is not used: ${why}` })
  if (wish === 'cpu' || wish === 'official') return no('another engine was asked for')
  if (trial === null) return no('it was not tried here (COTRAIN_ENGINE=webgpu asks for it)')
  const { adapter, isSoftware, problem } = trial
  const times = timesOf(trial)
  if (isSoftware && wish !== 'webgpu')
    return no(
      `its driver is a program that computes on the processor (${[adapter, times].filter(Boolean).join('; ')})`,
    )
  if (problem !== null) return no(`it does not compute right on ${adapter}: ${problem}`)
  const asked = wish === 'gpu' ? 'a card' : wish === 'webgpu' ? 'it' : null
  if (asked !== null)
    return {
      isDefault: true,
      why: `WebGPU computes on ${adapter}, as ${asked} was asked for: ${times || 'no step was timed'}`,
    }
  const { stepMs, cpuStepMs } = trial
  if (!(stepMs !== null && stepMs > 0 && stepMs < (cpuStepMs ?? Infinity)))
    return no(`${times || 'no step was timed'} (${adapter})`)
  return { isDefault: true, why: `WebGPU computes on ${adapter}: ${times}` }
}

/** Both times, where anything was timed. */
function timesOf({ stepMs, cpuStepMs }: WebGpuTrial): string {
  if (stepMs === null && cpuStepMs === null) return ''
  return `a step takes ${inWords(stepMs)}, ${inWords(cpuStepMs)} on the processor`
}

const inWords = (ms: number | null): string =>
  ms === null ? 'too long to be timed' : `${Math.round(ms * 10) / 10} ms`
