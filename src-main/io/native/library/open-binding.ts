import { createRequire } from 'node:module'
import { constants } from 'node:os'

/** What must be loaded for the native engine: the binding, and before it the libraries in whose names it finds its functions. */
export interface Binding {
  readonly addon: string
  /** In the order in which they are loaded; none where the addon brings its own. */
  readonly libraries: readonly string[]
}

/** Keeps a library after Node has let go of it; the same number in every glibc, not among Node's own constants. */
const RTLD_NODELETE = process.platform === 'darwin' ? 0x80 : 0x1000

const require = createRequire(import.meta.url)

/**
 * Loads the libraries into this process for everyone to see, then the addon, which is linked to none of them: one file
 * fits every place and release of TensorFlow that has the C functions.
 * @throws what the dynamic loader says of a library or an addon that it cannot load
 */
export function openBinding({ addon, libraries }: Binding): unknown {
  // Windows finds the library beside the addon; opened before it, Node would close it again as it is no addon.
  if (process.platform !== 'win32') for (const path of libraries) openLibrary(path)
  return require(addon)
}

/** Node loads addons only: it finds that the library is none after the loader has taken it. */
function openLibrary(path: string): void {
  const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen
  try {
    process.dlopen({ exports: {} }, path, RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE)
  } catch (error) {
    if (!/did not self-register/.test(String(error))) throw error
  }
}
