import { existsSync } from 'node:fs'
import { gpuLibraries } from '../library/gpu-libraries.ts'
import type { FoundLibrary, RouteContext } from '../library/library.ts'
import { cudaPackages, needRoom } from './cuda-packages.ts'
import type { Requirement } from './requirements.ts'
import { routeOfficial } from './route-official.ts'
import { libraryFolder } from './route-wheel.ts'
import { TENSORFLOW_CUDA_11 } from './tensorflow-release.ts'

/**
 * TensorFlow 2.9 was built for Windows with CUDA 11.2 and cuDNN 8.1 (tested build configurations on tensorflow.org). Within a
 * major version later ones serve; cuFFT and cuRAND count their own: cufft64_10.dll, curand64_10.dll.
 */
const NEEDED: readonly Requirement[] = [
  { project: 'nvidia-cuda-runtime-cu11', specifier: '>=11.2,<12' },
  { project: 'nvidia-cublas-cu11', specifier: '>=11.3,<12' },
  { project: 'nvidia-cufft-cu11', specifier: '>=10.4,<11' },
  { project: 'nvidia-curand-cu11', specifier: '>=10.2,<11' },
  { project: 'nvidia-cusolver-cu11', specifier: '>=11.0,<12' },
  { project: 'nvidia-cusparse-cu11', specifier: '>=11.3,<12' },
  { project: 'nvidia-cudnn-cu11', specifier: '>=8.1,<9' },
]
const PLATFORM = 'win32-x64'

export interface WindowsCuda {
  readonly release?: typeof TENSORFLOW_CUDA_11
  /** What brings TensorFlow itself. */
  readonly library?: (context: RouteContext) => Promise<FoundLibrary>
  /** Folders of the system in which its loader looks, besides those on the path. */
  readonly usual?: readonly string[]
}

/**
 * For NVIDIA cards on Windows: the library that TensorFlow.js downloads for them, and the packages of CUDA 11 and cuDNN 8, whose
 * folders a process gets on its path.
 * @throws Error naming the libraries that are still missing and what to do
 */
export async function routeWindowsCuda(
  context: RouteContext,
  { release = TENSORFLOW_CUDA_11, library = (given) => routeOfficial(given, 'gpu'), usual }: WindowsCuda = {},
): Promise<FoundLibrary> {
  if (!existsSync(libraryFolder(context.folder, release))) await needRoom(context.folder, release)
  // First, as it fails soonest: without a ready-made addon it needs a compiler.
  const found = await library(context)
  const packages = await cudaPackages(NEEDED, release, context, PLATFORM)
  needLibraries(release.version, packages.libraryPath, usual)
  return {
    ...found,
    libraryPath: packages.libraryPath,
    downloads: [...found.downloads, ...packages.downloads],
  }
}

/** A convolution would end the process where cuDNN does not find what it opens. */
function needLibraries(version: string, folders: readonly string[], usual?: readonly string[]): void {
  const libraries = gpuLibraries(version, folders, { system: 'win32', ...(usual && { usual }) })
  const missing = libraries.filter(({ path }) => path === null).map(({ file }) => file)
  if (missing.length === 0) return
  const zlib = "zlibwapi.dll is no part of NVIDIA's packages: put it into"
  const hint = missing.includes('zlibwapi.dll')
    ? ` (${zlib} ${folders.at(-1) ?? 'a folder on the path'})`
    : ''
  throw new Error(`TensorFlow would not find ${missing.join(', ')}${hint}`)
}
