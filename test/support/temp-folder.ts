import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder of this test file's own; it goes when the file's tests are done. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'cotrain-test-'))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return path
}
