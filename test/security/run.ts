import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/**
 * `npm run test:security`: the suite as a whole, with all hostile parameters and the audit of packages; its lines that begin with
 * "security:" are the figures. `npm test` runs a short form among the unit tests.
 */
const vitest = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs')
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'security', '--disable-console-intercept', ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, COTRAIN_SECURITY: 'whole' } },
)
process.exit(status ?? 1)
