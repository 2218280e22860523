import type { DoctorReport } from '../../../src-shared/contract/doctor.ts'
import type { EngineInUse } from './engine-in-use.ts'
import { probeNative, probeWasm, probeWebgpu } from './library/probe-engine.ts'

type FoundBackend = DoctorReport['backend'] & { readonly tensorflow: string | null }

/** What the timed product is made with. */
interface Probing {
  readonly threads: number
  /** The card for the timed product, by its UUID; null where there is none to choose. @throws Error where all are busy */
  readonly device: () => Promise<string | null>
}

/** Times a product with the engine in use; what a person can do about it goes to `advice`. */
export async function findBackend(
  use: EngineInUse,
  { threads, device: find }: Probing,
  advice: string[],
): Promise<FoundBackend> {
  const { name, info, missing, proof, why: reason } = use
  if (name === 'webgpu') return onAdapter(reason, advice)
  if (name === 'cpu')
    return { name, reason, threads: 1, gpu: false, device: 'CPU:0', matmulMs: null, tensorflow: null }
  if (name === 'wasm' || info === null) {
    if (missing !== null && !reason.endsWith('asked for'))
      advice.push(
        'Set up TensorFlow on the page Engine or with `cotrain setup`: training is several times faster with it.',
      )
    if (proof?.usable !== false) return embedded(reason, advice)
    advice.push(
      'Another version of TensorFlow may compute right here: name its folder in the settings and set up again.',
    )
    return embedded(`the native engine is not used: ${reason}`, advice)
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

async function onAdapter(why: string, advice: string[]): Promise<FoundBackend> {
  const common = { name: 'webgpu', threads: 1, tensorflow: null } as const
  try {
    const { matmulMs, gpu, adapter } = await probeWebgpu()
    const how = gpu ? '' : ', a driver that computes on the processor'
    const reason = why.includes(adapter) ? `${why}${how}` : `${why}: ${adapter}${how}`
    return { ...common, reason, gpu, device: adapter, matmulMs }
  } catch (error) {
    advice.push(
      `WebGPU does not run: ${messageOf(error)}. COTRAIN_ENGINE=native or wasm computes on the processor.`,
    )
    return { ...common, reason: why, gpu: false, device: 'none', matmulMs: null }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
