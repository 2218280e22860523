import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lastLine, runChild } from '../../../process/child.ts'
import type { FoundLibrary, RouteContext } from '../library/library.ts'
import { libraryIn } from '../library/library.ts'

/** Finds the package folder without importing TensorFlow, which would take seconds. */
const FIND =
  "import importlib.util as u; s = u.find_spec('tensorflow'); print(s.origin if s and s.origin else '')"
const FIND_TIMEOUT_MS = 20_000

/** Interpreters worth asking: configured, active environment, then the path. */
export function pythonCandidates(configured?: string): readonly string[] {
  const bin = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python3'
  const environments = [process.env['VIRTUAL_ENV'], process.env['CONDA_PREFIX']].filter(
    (p) => p !== undefined,
  )
  const inEnvironments = environments.map((p) => join(p, bin)).filter((p) => existsSync(p))
  const named = [configured, process.env['COTRAIN_PYTHON']].filter(
    (p) => p !== undefined && p !== '',
  ) as string[]
  return [...new Set([...named, ...inEnvironments, 'python3', 'python'])]
}

/** A TensorFlow that Python already has: linked where it is, so that its CUDA packages are found beside it. */
export async function routePython(context: RouteContext): Promise<FoundLibrary> {
  const reasons: string[] = []
  for (const python of context.python) {
    const found = await askPython(python).catch((error: Error) => error)
    if (found instanceof Error) reasons.push(`${python}: ${found.message}`)
    else return { ...libraryIn(found), libraryPath: await cudaFolders(dirname(found)) }
  }
  throw new Error(reasons.join('; '))
}

async function askPython(python: string): Promise<string> {
  const result = await runChild(python, ['-c', FIND], { timeoutMs: FIND_TIMEOUT_MS })
  if (result.code !== 0) throw new Error(lastLine(result.stderr) || `exit code ${result.code}`)
  const origin = result.stdout.trim()
  if (origin === '') throw new Error('has no tensorflow package')
  return dirname(origin)
}

/** `nvidia/<part>/lib` folders of the CUDA wheels in a site-packages folder; `bin` in the wheels for Windows. */
export async function cudaFolders(
  sitePackages: string,
  libraries: 'lib' | 'bin' = 'lib',
): Promise<readonly string[]> {
  const root = join(sitePackages, 'nvidia')
  const parts = await readdir(root).catch(() => [])
  return parts.map((p) => join(root, p, libraries)).filter((p) => existsSync(p))
}
