import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FoundLibrary, RouteContext } from '../library/library.ts'
import { platformName } from '../library/native-info.ts'
import { cudaPackages, needRoom } from './cuda-packages.ts'
import { requirementsOf } from './requirements.ts'
import { libraryFolder, METADATA, routeWheel } from './route-wheel.ts'
import { TENSORFLOW_CUDA } from './tensorflow-release.ts'

/** The extra under which TensorFlow's metadata names the packages of CUDA. */
const EXTRA = 'and-cuda'

/**
 * Downloads TensorFlow with kernels for NVIDIA cards and the packages of CUDA and cuDNN that its metadata names, without Python:
 * what `pip install "tensorflow[and-cuda]"` would bring.
 */
export async function routeCuda(context: RouteContext, release = TENSORFLOW_CUDA): Promise<FoundLibrary> {
  const target = libraryFolder(context.folder, release)
  if (!existsSync(target)) await needRoom(context.folder, release)
  const library = await routeWheel(context, release)
  const needed = requirementsOf(await readFile(join(target, METADATA), 'utf8'), EXTRA)
  if (needed.length === 0) throw new Error(`${release.project} ${release.version} names no packages of CUDA`)
  const { libraryPath, downloads } = await cudaPackages(needed, release, context, platformName())
  return { ...library, libraryPath, downloads: [...library.downloads, ...downloads] }
}
