import type { DoctorReport } from '../../../src-shared/contract/doctor.ts'
import type { EngineProof } from '../../../src-shared/contract/engine-proof.ts'
import { proofLine } from '../../../src-shared/contract/engine-proof.ts'
import type { NativeInfo } from './library/native-info.ts'
import { staleReason } from './library/native-info.ts'
import { probeNative, probeWasm, probeWebgpu } from './library/probe-engine.ts'

type FoundBackend = DoctorReport['backend'] & { readonly tensorflow: string | null }

/** What the timed product is made with. */
interface Probing {
  readonly threads: number
  /** The card for the timed product, by its UUID; null where there is none to choose. @throws Error where all are busy */
  readonly device: () => Promise<string | null>
  readonly proof: EngineProof | null
}

/** The engine that a run started now would use, proved by a timed product; what a person can do about it goes to `advice`. */
export async function findBackend(
  info: NativeInfo | null,
  { proof, threads, device: find }: Probing,
  advice: string[],
): Promise<FoundBackend> {
  const asked = process.env['COTRAIN_ENGINE']
  const missing = info === null ? 'the native engine has not been set up' : await staleReason(info)
  if (asked === 'wasm') return embedded('COTRAIN_ENGINE asks for it', advice)
  if (asked === 'webgpu') return onAdapter(advice)
  if (asked === 'cpu') {
    const reason = 'COTRAIN_ENGINE asks for it'
    return { name: 'cpu', reason, threads: 1, gpu: false, device: 'CPU:0', matmulMs: null, tensorflow: null }
  }
  if (info === null || missing !== null) {
    advice.push(
      'Set up TensorFlow on the page Engine or with `cotrain setup`: training is several times faster with it.',
    )
    return embedded(missing ?? '', advice)
  }
  const reason = `TensorFlow ${info.version} found by the ${info.kind} route`
  if (proof?.usable === false) {
    advice.push(
      'Another version of TensorFlow may compute right here: name its folder in the settings and set up again.',
    )
    return embedded(`the native engine is not used: ${proofLine(proof)}`, advice)
  }
  const own = { name: 'native', reason, threads, tensorflow: info.version } as const
  const place = await find().catch((error: unknown) => ({ why: messageOf(error) }))
  if (place !== null && typeof place === 'object') {
    advice.push(`The engine was not timed: ${place.why}`)
    return { ...own, gpu: info.gpu, device: info.gpu ? 'GPU:0' : 'CPU:0', matmulMs: null }
  }
  try {
    const { matmulMs, gpu, version } = await probeNative({ ...info, device: place })
    const device = gpu ? 'GPU:0' : 'CPU:0'
    return { ...own, gpu, device, matmulMs, tensorflow: version }
  } catch (error) {
    advice.push(
      `The native engine is set up but does not run: ${messageOf(error)}. Set it up again on the page Engine or with \`cotrain setup\`.`,
    )
    return { ...own, gpu: false, device: 'none', matmulMs: null }
  }
}

async function embedded(reason: string, advice: string[]): Promise<FoundBackend> {
  const common = { name: 'wasm', reason, threads: 1, gpu: false, tensorflow: null } as const
  try {
    return { ...common, device: 'CPU:0', matmulMs: (await probeWasm()).matmulMs }
  } catch (error) {
    advice.push(
      `The embedded engine does not run: ${messageOf(error)}. Install the packages again with \`npm ci\`.`,
    )
    return { ...common, device: 'none', matmulMs: null }
  }
}

async function onAdapter(advice: string[]): Promise<FoundBackend> {
  const common = { name: 'webgpu', threads: 1, tensorflow: null } as const
  try {
    const { matmulMs, gpu, adapter } = await probeWebgpu()
    const how = gpu ? '' : ', a driver that computes on the processor'
    const reason = `COTRAIN_ENGINE asks for it: ${adapter}${how}`
    return { ...common, reason, gpu, device: adapter, matmulMs }
  } catch (error) {
    advice.push(
      `WebGPU does not run: ${messageOf(error)}. COTRAIN_ENGINE=native or wasm computes on the processor.`,
    )
    return { ...common, reason: 'COTRAIN_ENGINE asks for it', gpu: false, device: 'none', matmulMs: null }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
