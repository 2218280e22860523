import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { TestProject } from 'vitest/node'

const root = join(import.meta.dirname, '../..')
/** Helper processes that are started often. */
const HELPERS = ['fake-worker.ts', 'fuzz-hdf5-child.ts']

/**
 * Around the unit suite: child processes and threads of the app start from what the bundler made of these sources, so that none of
 * hundreds of starts compiles them anew; so do helper processes of the tests. While a person watches and edits, they start
 * from the sources. The first project of the suite does it for all.
 */
export default async function buildEntries(project: TestProject): Promise<(() => void) | undefined> {
  if (project.config.watch || process.env['COTRAIN_BUILT_TESTS'] !== undefined) return undefined
  const command = [join(root, 'scripts/build.mjs'), '--main', '--if-stale']
  const built = spawnSync(process.execPath, command, { encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`the app cannot be built: ${built.stderr}`)
  process.env['COTRAIN_BUILT'] = join(root, 'out/main')
  const helpers = join(root, 'out', 'test', String(process.pid)) // two suites at a time do not write the same file
  await buildHelpers(helpers)
  process.env['COTRAIN_BUILT_TESTS'] = helpers
  return () => rmSync(helpers, { recursive: true, force: true })
}

/** Bundles helper processes, named as seen from this folder, each as one file in `outdir`. */
export async function buildHelpers(outdir: string, names: readonly string[] = HELPERS): Promise<void> {
  await build({
    entryPoints: names.map((name) => join(import.meta.dirname, name)),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    outdir,
  })
}
