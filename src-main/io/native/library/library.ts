import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Progress of setting up the engine, for terminal and window. */
export interface ProvisionProgress {
  readonly route: string
  readonly phase:
    'waiting' | 'looking' | 'downloading' | 'unpacking' | 'compiling' | 'testing' | 'proving' | 'done'
  readonly message: string
  readonly doneBytes?: number
  readonly totalBytes?: number
}

/** What a route may use. */
export interface RouteContext {
  /** The engine folder; a route writes below it only, `*.part` first. */
  readonly folder: string
  readonly configured?: string
  /** A wheel, or a folder with one, that is taken in place of a download. */
  readonly from?: string
  readonly python: readonly string[]
  readonly signal?: AbortSignal
  readonly report: (progress: Omit<ProvisionProgress, 'route'>) => void
}

/** A TensorFlow library as a route found it; without `addon` the app's own is taken. */
export interface FoundLibrary {
  readonly libDir: string
  /** In the order in which they are loaded. */
  readonly libraries: readonly string[]
  /** Headers, for an addon that is compiled here. */
  readonly includeDir?: string
  readonly addon?: string
  readonly libraryPath: readonly string[]
  readonly downloads: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[]
}

const CORE_NAMES = {
  linux: ['libtensorflow_cc.so.2', 'libtensorflow.so.2'],
  darwin: ['libtensorflow_cc.2.dylib', 'libtensorflow.2.dylib'],
} as const
const FRAMEWORK_NAMES = {
  linux: 'libtensorflow_framework.so.2',
  darwin: 'libtensorflow_framework.2.dylib',
} as const

/** File names of the core and framework libraries on this platform; empty where only the official download works. */
function libraryNames(): { readonly core: readonly string[]; readonly framework: string } {
  const platform = process.platform
  if (platform !== 'linux' && platform !== 'darwin') return { core: [], framework: '' }
  return { core: CORE_NAMES[platform], framework: FRAMEWORK_NAMES[platform] }
}

/** Looks for a library in a folder, its `lib` folder included, and for its headers. */
export function libraryIn(folder: string): FoundLibrary {
  const { core, framework } = libraryNames()
  for (const libDir of [folder, join(folder, 'lib')]) {
    const name = core.find((n) => existsSync(join(libDir, n)))
    if (name === undefined) continue
    const includeDir = [join(libDir, 'include'), join(dirname(libDir), 'include')].find((d) =>
      existsSync(join(d, 'tensorflow/c/c_api.h')),
    )
    const libraries = [framework, name].filter((n) => existsSync(join(libDir, n))).map((n) => join(libDir, n))
    return { libDir, libraries, ...(includeDir && { includeDir }), libraryPath: [], downloads: [] }
  }
  throw new Error(`${folder} has none of ${core.join(', ') || '(no such library on this platform)'}`)
}
