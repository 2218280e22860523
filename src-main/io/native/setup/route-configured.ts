import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FoundLibrary, RouteContext } from '../library/library.ts'
import { libraryIn } from '../library/library.ts'

/** A folder with libtensorflow, or a finished addon, named by the settings or COTRAIN_TENSORFLOW. */
// A route is asked and waited for: what it throws is its answer.
// eslint-disable-next-line @typescript-eslint/require-await
export async function routeConfigured(context: RouteContext): Promise<FoundLibrary> {
  const path = context.configured!
  if (!existsSync(path)) throw new Error(`${path} does not exist`)
  if (!path.endsWith('.node')) return libraryIn(path)
  return { libDir: dirname(path), libraries: [], addon: path, libraryPath: [], downloads: [] }
}
