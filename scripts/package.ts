import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { packApp, refuseOthers } from './package/pack-app.ts'

/**
 * `npm run dist`: builds everything and packs it for the system that it runs on.
 * `--node <path>`: the Node to ship, where npm has none for the platform. Everything else goes to electron-builder.
 */
const given = process.argv.slice(2)
const at = given.indexOf('--node')
const node = at < 0 ? undefined : given[at + 1]
const builderArguments = at < 0 ? given : given.filter((_, i) => i !== at && i !== at + 1)
try {
  refuseOthers(builderArguments)
  const build = join(import.meta.dirname, 'build.mjs')
  const built = spawnSync(process.execPath, [build], { stdio: 'inherit' })
  if (built.status !== 0) throw new Error('The build failed.')
  await packApp({ node, builderArguments })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
