import type { Adapter } from '../../../../src-shared/contract/adapter.ts'
import type { Gpu } from '../../../../src-shared/contract/doctor.ts'
import type { EngineWish } from '../../../../src-shared/contract/engine-wish.ts'
import type { NativeRoute } from '../library/native-info.ts'
import type { TensorflowRelease } from './tensorflow-release.ts'
import { TENSORFLOW, TENSORFLOW_CUDA, TENSORFLOW_CUDA_11 } from './tensorflow-release.ts'
import type { WebGpuChoice, WebGpuTrial } from './webgpu-choice.ts'
import { chooseWebGpu } from './webgpu-choice.ts'
import { hasWheels } from './wheel-index.ts'

/** What setting up an engine will do on a machine, and why. */
export interface EngineChoice {
  /** Ways to a library, in the order they are tried. */
  readonly routes: readonly NativeRoute[]
  /** What is fetched where this machine has no TensorFlow; null where none is published for it. */
  readonly release: TensorflowRelease | null
  /** A library of this machine that computes on the processor alone is passed over. */
  readonly needsGpu: boolean
  /** A sentence for people: which card computes, or why none will. */
  readonly why: string
  /** Whether WebGPU takes the place of the library. */
  readonly webgpu: WebGpuChoice
}

export interface Machine {
  /** `linux-x64`, ... */
  readonly platform: string
  /** NVIDIA cards by their driver. */
  readonly gpus: readonly Gpu[]
  /** Graphics adapters of others. */
  readonly adapters?: readonly Adapter[]
  /** What a trial of the WebGPU engine came to; null where there was none. */
  readonly webgpu?: WebGpuTrial | null
}

/** A TensorFlow with kernels for NVIDIA cards, and the cards that it serves. */
interface CudaBuild {
  readonly route: NativeRoute
  readonly release: TensorflowRelease
  /** Major version of CUDA. */
  readonly cuda: number
  /** Compute capabilities that have kernels. */
  readonly least: number
  readonly most: number
  readonly leastDriver: string
  /** What serves cards that are older, or newer. */
  readonly older: string
  readonly newer: string
  /** Said where it computes. */
  readonly remark: string
}

const BUILDS: Readonly<Record<string, CudaBuild>> = {
  'linux-x64': {
    route: 'cuda',
    release: TENSORFLOW_CUDA,
    cuda: 12,
    // Kernels from Pascal on; TensorFlow 2.17 was the last release with older ones (release notes of 2.18).
    least: 6,
    most: Infinity,
    // CUDA 12 runs on any driver from this one on by its minor-version compatibility (release notes of the CUDA toolkit).
    leastDriver: '525.60.13',
    older: 'TensorFlow 2.17 in a Python environment serves it; name its folder in the settings',
    newer: '',
    remark: '',
  },
  'win32-x64': {
    route: 'cuda11',
    release: TENSORFLOW_CUDA_11,
    cuda: 11,
    // Built for sm_35, sm_50, sm_60, sm_70, sm_75 and compute_80 (scripts of its release). A kernel for 8.0 runs on 8.6 and 8.9 as
    // well, and on no 9.0 (Ada compatibility guide); cuDNN 8 has none for what came later.
    least: 3.5,
    most: 8.9,
    // Windows' driver of the same compatibility within CUDA 11 (CUDA compatibility guide).
    leastDriver: '452.39',
    older: 'WSL2 (docs/guide/engine.md) is the way',
    newer: 'use WSL2 (docs/guide/engine.md), where a newer TensorFlow does',
    remark: ', the last for cards on Windows: WSL2 is faster (docs/guide/engine.md)',
  },
}

/** Ways to a library that is on the machine already. */
const HERE = ['configured', 'python'] as const

/**
 * Which engine fits a machine. Pure, so that every row of the table in docs/guide/engine.md is a test.
 * `wish`: `auto` takes a card that the release serves, else the processor; `gpu` nothing but a card; `cpu` never one;
 * `official` the old download of TensorFlow.js; `webgpu` no library at all.
 */
export function chooseEngine(
  { platform, gpus, adapters = [], webgpu: trial = null }: Machine,
  wish: EngineWish,
): EngineChoice {
  const webgpu = chooseWebGpu(trial, wish)
  if (wish === 'official') {
    const why = 'The download of TensorFlow.js was asked for'
    return { routes: ['official'], release: null, needsGpu: false, why, webgpu }
  }
  if (wish === 'webgpu') return { routes: [], release: null, needsGpu: false, why: webgpu.why, webgpu }
  const fetched = hasWheels(platform)
  const processor = fetched ? 'wheel' : 'official'
  const build = BUILDS[platform]
  const unserved = wish === 'cpu' ? 'The processor was asked for' : whyNoCard(platform, gpus, adapters)
  if (unserved === null && build !== undefined) {
    const { route, release, cuda, remark } = build
    const what = `TensorFlow ${release.version} with the libraries of CUDA ${cuda}${remark}`
    return {
      routes: [...HERE, route, ...(wish === 'gpu' ? [] : ([processor] as const))],
      release,
      needsGpu: true,
      why: `${nameOf(gpus)} computes: ${what}`,
      webgpu: { isDefault: false, why: 'WebGPU is not used: the library computes on the card' },
    }
  }
  const said = adapters.length > 0 || trial !== null || webgpu.isDefault
  const why = `${unserved ?? ''}${said ? `. ${webgpu.why}` : ''}`
  // A Python environment may hold a TensorFlow that serves a card which ours does not.
  if (wish === 'gpu') return { routes: HERE, release: null, needsGpu: true, why, webgpu }
  const release = fetched ? TENSORFLOW : null
  return { routes: [...HERE, processor], release, needsGpu: false, why, webgpu }
}

/** Why the release with CUDA will not be fetched; null where a card is served. */
function whyNoCard(platform: string, gpus: readonly Gpu[], adapters: readonly Adapter[]): string | null {
  const [first] = gpus
  if (first === undefined) {
    const here = adapters.map(({ name }) => name).join(', ')
    return `There is no NVIDIA card with a driver${here === '' ? '' : ` (but ${here})`}: the processor computes`
  }
  const build = BUILDS[platform]
  if (build === undefined)
    return `No TensorFlow with CUDA is published for ${platform}: name a Python environment that has one in the settings`
  if (gpus.some((gpu) => isServed(gpu, build))) return null
  const { release, cuda, least, most, leastDriver, older, newer } = build
  if (isOlder(first.driver, leastDriver))
    return `Driver ${first.driver} of the ${first.name} is older than CUDA ${cuda} needs (${leastDriver}): install a newer driver`
  const name = `The ${first.name} (compute capability ${first.computeCapability})`
  const serves = `than TensorFlow ${release.version} serves`
  return Number(first.computeCapability) < least
    ? `${name} is older ${serves} (${least.toFixed(1)}): ${older}`
    : `${name} is newer ${serves} (${most.toFixed(1)}): ${newer}`
}

/** What the driver does not tell is left to the trial of the library. */
function isServed({ driver, computeCapability }: Gpu, { least, most, leastDriver }: CudaBuild): boolean {
  const capability = Number(computeCapability ?? least)
  return !isOlder(driver, leastDriver) && !(capability < least || capability > most)
}

/** Compares dotted numbers; an unknown version is not older. */
function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number))
  if (version === '' || a === undefined || b === undefined || a.some(Number.isNaN)) return false
  const at = b.findIndex((part, i) => (a[i] ?? 0) !== part)
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}

const nameOf = (gpus: readonly Gpu[]): string =>
  gpus.length === 1 ? `The ${gpus[0]?.name}` : `One of ${gpus.length} cards (${gpus[0]?.name}, ...)`
