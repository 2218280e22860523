import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

const root = join(import.meta.dirname, '../..')

/**
 * Around the unit suite: child processes and threads of the app start from what the bundler made of these sources, so that none of
 * hundreds of starts compiles them anew. While a person watches and edits, they start from the sources.
 */
export default function buildEntries(project: TestProject): void {
  if (project.config.watch) return
  const command = [join(root, 'scripts/build.mjs'), '--main', '--if-stale']
  const built = spawnSync(process.execPath, command, { encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`the app cannot be built: ${built.stderr}`)
  process.env['COTRAIN_BUILT'] = join(root, 'out/main')
}
