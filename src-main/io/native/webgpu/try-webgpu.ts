import type { EngineWish } from '../../../../src-shared/contract/engine-wish.ts'
import type { EngineProof } from '../../../../src-shared/contract/engine-proof.ts'
import { proofLine } from '../../../../src-shared/contract/engine-proof.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { ProvisionProgress } from '../library/library.ts'
import type { WebGpuTrial } from '../setup/webgpu-choice.ts'
import { StoppedLate } from '../../../process/child.ts'
import { chooseWebGpu } from '../setup/webgpu-choice.ts'
import { lookForAdapter } from './look-for-adapter.ts'
import { proveWebgpu } from './prove-webgpu.ts'
import type { AdapterFacts, WebgpuRecord } from './webgpu-record.ts'
import { readWebgpu, webgpuKey, writeWebgpu } from './webgpu-record.ts'

export interface WebgpuTrying {
  /** The engine folder. */
  readonly folder: string
  /** null: what was asked for before, else `usual`. */
  readonly wish: EngineWish | null
  readonly usual?: EngineWish
  /** A person asks for the trial: it is made anew, and on a driver that is a program too. */
  readonly isAsked: boolean
  /** Milliseconds of one training step with this engine; null where none is done in time. @throws Error where one fails */
  timeStep(engine: 'webgpu' | 'processor', signal?: AbortSignal): Promise<number | null>
  readonly onProgress?: (progress: ProvisionProgress) => void
  readonly signal?: AbortSignal
  /** What opens an adapter and proves the operations on it; those of this machine by default. */
  readonly look?: () => Promise<AdapterFacts>
  readonly prove?: typeof proveWebgpu
}

/** Every so often the adapter is looked at again: another card or driver may be there. */
const LOOK_AFTER_MS = 24 * 3600_000

type Tried = Pick<WebgpuRecord, 'adapter' | 'trial' | 'proof'>

/**
 * Looks for an adapter, proves WebGPU on it and times a training step against the processor; records what came of it and whether
 * WebGPU will compute ({@link chooseWebGpu}). What is recorded for the adapter that is there is not measured again. A driver that is
 * a program is named and not tried unless a person asks. null: another engine was asked for and nothing is recorded.
 * @throws CotrainError `run-state` where a run is training, beside which no step can be timed
 */
export async function tryWebgpu(options: WebgpuTrying): Promise<WebgpuRecord | null> {
  const { folder, isAsked, usual = 'auto', look = lookForAdapter } = options
  const kept = await readWebgpu(folder)
  const wish = options.wish ?? kept?.wish ?? usual
  const decided = async (tried: Tried, at: number): Promise<WebgpuRecord> => {
    const decision = chooseWebGpu(tried.trial, wish)
    // Why there is nothing to try says more than that nothing was tried.
    const why = tried.adapter === null ? `WebGPU is not used: ${tried.proof}` : decision.why
    return writeWebgpu(folder, { ...tried, key: await webgpuKey(), wish, decision: { ...decision, why }, at })
  }
  // Whatever it came to, it would not be used.
  if (!isAsked && (wish === 'cpu' || wish === 'official')) return kept && decided(kept, kept.at)
  if (kept !== null && !isAsked && Date.now() - kept.at < LOOK_AFTER_MS)
    return wish === kept.wish ? kept : decided(kept, kept.at)
  options.onProgress?.({ route: 'webgpu', phase: 'looking', message: 'Looking for a graphics adapter' })
  const found = await look().catch((error: unknown) => ({ error }))
  if ('error' in found) {
    const why = messageOf(found.error)
    // A look that came to no end, on a busy machine perhaps, says nothing of the next one.
    const at = found.error instanceof StoppedLate ? 0 : Date.now()
    return decided({ adapter: null, trial: null, proof: why }, at)
  }
  const isKnown = kept?.trial?.adapter === found.name && !isAsked
  return decided(isKnown ? kept : await tried(found, options), Date.now())
}

async function tried(adapter: AdapterFacts, options: WebgpuTrying): Promise<Tried> {
  const { folder, isAsked, prove = proveWebgpu, onProgress, signal } = options
  const known = { adapter: adapter.name, isSoftware: adapter.isSoftware }
  const untimed: WebGpuTrial = { ...known, problem: null, stepMs: null, cpuStepMs: null }
  if (adapter.isSoftware && !isAsked) return { adapter, trial: untimed, proof: '' }
  const proof = await prove(folder, adapter, { ...(onProgress && { onProgress }), ...(signal && { signal }) })
  const said = proofLine(proof)
  if (!proof.usable) return { adapter, trial: { ...untimed, problem: faultOf(proof) }, proof: said }
  onProgress?.({ route: 'webgpu', phase: 'testing', message: 'Timing a training step' })
  try {
    const cpuStepMs = await options.timeStep('processor', signal)
    const stepMs = await options.timeStep('webgpu', signal)
    return { adapter, trial: { ...untimed, stepMs, cpuStepMs }, proof: said }
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof CotrainError && error.code === 'run-state') throw error // no time to measure now
    return { adapter, trial: { ...untimed, problem: `a step failed: ${messageOf(error)}` }, proof: said }
  }
}

/** `Conv2D at x [15,9,9,1] ...` */
function faultOf(proof: EngineProof): string {
  const [fault] = proof.faults
  return fault === undefined
    ? proofLine(proof)
    : `${fault.operation} at ${fault.shape} ${fault.detail}`.trimEnd()
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
