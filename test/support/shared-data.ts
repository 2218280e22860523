import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = process.env['COTRAIN_SHARED'] ?? join(import.meta.dirname, '../../../shared')

/** A folder of real data or reference numbers beside the checkout, or null (said once) where there is none. */
export function sharedPath(...parts: readonly string[]): string | null {
  const path = join(root, ...parts)
  if (existsSync(path)) return path
  console.log(`skips: ${parts.join('/')} is not beside this checkout`)
  return null
}
