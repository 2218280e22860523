import type { DoctorReport, Gpu } from '../../../../src-shared/contract/doctor.ts'
import type { EngineChoice } from '../setup/engine-choice.ts'

interface Found {
  readonly gpus: readonly Gpu[]
  readonly backend: Pick<DoctorReport['backend'], 'name' | 'gpu' | 'reason'>
  readonly libraries: NonNullable<DoctorReport['libraries']>
  /** The way by which the library came; '' without one. */
  readonly route: string
  /** `win32-x64`, ... */
  readonly platform?: string
  /** Whether set-up has an engine for such a card, and what it says of it. */
  readonly choice: Pick<EngineChoice, 'needsGpu' | 'why'>
}

/** Why a GPU that is there computes nothing, and what to do; null where it computes, or where there is none. */
export function unusedGpu({ gpus, backend, libraries, route, platform = '', choice }: Found): string | null {
  const [first] = gpus
  if (first === undefined || backend.gpu) return null
  const what =
    gpus.length === 1
      ? `The ${first.name} is not used`
      : `${gpus.length} GPUs (${first.name}, ...) are not used`
  return `${what}: ${causeOf({ backend, libraries, route, platform })}. ${remedyFor(choice, route)}`
}

function remedyFor({ needsGpu, why }: Found['choice'], route: string): string {
  if (!needsGpu) return `${why}.`
  if (route === 'cuda' || route === 'cuda11')
    return 'Look at the driver of the card, then set the engine up again.'
  return 'Set the engine up for the card: "cotrain setup --engine gpu", or the button on the page Engine (about 2.4 GiB are fetched).'
}

function causeOf({ backend, libraries, route, platform = '' }: Omit<Found, 'gpus' | 'choice'>): string {
  if (backend.name === 'webgpu') return `WebGPU computes on the processor (${backend.reason})`
  if (backend.name !== 'native') return `the embedded engine computes on the processor (${backend.reason})`
  const isForProcessor = route === 'wheel' || (route === 'official' && platform.startsWith('win32'))
  if (isForProcessor) return 'the TensorFlow that was fetched is built for the processor alone'
  const missing = libraries.filter(({ path }) => path === null).map(({ file }) => file)
  if (missing.length > 0) return `TensorFlow does not find ${missing.join(', ')}`
  return 'this TensorFlow opens no GPU, although it finds its libraries: it may be built for other cards or another driver'
}
