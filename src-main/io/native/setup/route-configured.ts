import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FoundLibrary, RouteContext } from '../library/library.ts'
import { libraryIn } from '../library/library.ts'
import { cudaFolders } from './route-python.ts'

/**
 * What the settings or COTRAIN_TENSORFLOW name: a folder with libtensorflow, the folder of a Python environment (venv, conda)
 * or of the package `tensorflow` in one, or a finished addon. The CUDA wheels beside a package are found with it.
 */
export async function routeConfigured(context: RouteContext): Promise<FoundLibrary> {
  const path = context.configured!
  if (!existsSync(path)) throw new Error(`${path} does not exist`)
  if (path.endsWith('.node'))
    return { libDir: dirname(path), libraries: [], addon: path, libraryPath: [], downloads: [] }
  const folder = (await packageIn(path)) ?? path
  return { ...libraryIn(folder), libraryPath: await cudaFolders(dirname(folder)) }
}

/** The package of TensorFlow in a Python environment; null where the folder is none or has none. */
async function packageIn(environment: string): Promise<string | null> {
  const lib = join(environment, 'lib')
  const pythons = (await readdir(lib).catch(() => [])).filter((name) => /^python3/.test(name)).sort()
  const packages = pythons.map((python) => join(lib, python, 'site-packages', 'tensorflow'))
  return packages.findLast((path) => existsSync(path)) ?? null
}
