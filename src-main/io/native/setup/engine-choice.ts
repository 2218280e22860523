import type { Gpu } from '../../../../src-shared/contract/doctor.ts'
import type { EngineWish } from '../../../../src-shared/contract/engine-wish.ts'
import type { NativeRoute } from '../library/native-info.ts'
import type { TensorflowRelease } from './tensorflow-release.ts'
import { TENSORFLOW, TENSORFLOW_CUDA } from './tensorflow-release.ts'
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
}

export interface Machine {
  /** `linux-x64`, ... */
  readonly platform: string
  /** NVIDIA cards by their driver. */
  readonly gpus: readonly Gpu[]
}

/** The release has kernels from here on (Pascal); TensorFlow 2.17 was the last one with older ones (release notes of 2.18). */
const LEAST_CAPABILITY = 6
const SERVES_OLDER = 'TensorFlow 2.17'
/** CUDA 12 runs on any driver from this one on by its minor-version compatibility (release notes of the CUDA toolkit). */
const LEAST_DRIVER = '525.60.13'

/** Ways to a library that is on the machine already. */
const HERE = ['configured', 'python'] as const

/**
 * Which engine fits a machine. Pure, so that every row of the table in docs/guide/engine.md is a test.
 * `wish`: `auto` takes a card that the release serves, else the processor; `gpu` nothing but a card; `cpu` never one;
 * `official` the old download of TensorFlow.js.
 */
export function chooseEngine({ platform, gpus }: Machine, wish: EngineWish): EngineChoice {
  if (wish === 'official')
    return {
      routes: ['official'],
      release: null,
      needsGpu: false,
      why: 'The download of TensorFlow.js was asked for',
    }
  const unserved = wish === 'cpu' ? 'The processor was asked for' : whyNoCard(platform, gpus)
  if (unserved === null) {
    const what = `${nameOf(gpus)} computes: TensorFlow ${TENSORFLOW_CUDA.version} with the libraries of CUDA 12`
    const processor = wish === 'gpu' ? [] : (['wheel'] as const)
    return { routes: [...HERE, 'cuda', ...processor], release: TENSORFLOW_CUDA, needsGpu: true, why: what }
  }
  // A Python environment may hold a TensorFlow that serves a card which ours does not.
  if (wish === 'gpu') return { routes: HERE, release: null, needsGpu: true, why: unserved }
  const fetched = hasWheels(platform)
  const release = fetched ? TENSORFLOW : null
  return { routes: [...HERE, fetched ? 'wheel' : 'official'], release, needsGpu: false, why: unserved }
}

/** Why the release with CUDA will not be fetched; null where a card is served. */
function whyNoCard(platform: string, gpus: readonly Gpu[]): string | null {
  const [first] = gpus
  if (first === undefined) return 'There is no NVIDIA card with a driver: the processor computes'
  if (platform.startsWith('win32'))
    return `TensorFlow for Windows serves no ${first.name} since 2.11: use WSL2 (docs/guide/engine.md), where Linux's does`
  if (platform !== 'linux-x64')
    return `No TensorFlow with CUDA is published for ${platform}: name a Python environment that has one in the settings`
  const served = gpus.filter((gpu) => isServed(gpu))
  if (served.length > 0) return null
  if (isOlder(first.driver, LEAST_DRIVER))
    return `Driver ${first.driver} of the ${first.name} is older than CUDA 12 needs (${LEAST_DRIVER}): install a newer driver`
  return `The ${first.name} (compute capability ${first.computeCapability}) is older than TensorFlow ${TENSORFLOW_CUDA.version} serves (${LEAST_CAPABILITY}.0): ${SERVES_OLDER} in a Python environment serves it; name its folder in the settings`
}

/** What the driver does not tell is left to the trial of the library. */
function isServed({ driver, computeCapability }: Gpu): boolean {
  const capability = Number(computeCapability ?? LEAST_CAPABILITY)
  return !isOlder(driver, LEAST_DRIVER) && !(capability < LEAST_CAPABILITY)
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
