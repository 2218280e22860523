import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isStepFunction } from '../../src-main/engine/tensor/replay/step-function.ts'
import { NATIVE_OPERATIONS } from './native-operations.ts'

/**
 * Around the whole unit suite: records which operations of the library it issues, in every process, and fails where one is
 * not on the list of those that are proved. The first project of the suite does it for all.
 */
export default function recordOperations(): (() => void) | undefined {
  if (process.env['COTRAIN_RECORDED'] !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'cotrain-issued-'))
  const recorder = join(import.meta.dirname, 'recording-binding.cjs')
  process.env['COTRAIN_RECORDED'] = folder
  process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} --require "${recorder}"`.trim()
  return () => {
    const issued = new Set(
      readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n')),
    )
    rmSync(folder, { recursive: true, force: true })
    // Captured steps consist of operations that were issued one by one before.
    for (const name of issued) if (isStepFunction(name)) issued.delete(name)
    const unproved = [...issued].filter((name) => !NATIVE_OPERATIONS.includes(name)).sort()
    console.log(
      `operations of the library issued: ${issued.size} of ${NATIVE_OPERATIONS.length} that are proved`,
    )
    if (unproved.length > 0)
      throw new Error(
        `issued and not proved: ${unproved.join(', ')}. Add them to test/support/native-operations.ts, with cases in engine/proof.`,
      )
  }
}
