import { spawnSync } from 'node:child_process'

/** The Python that COTRAIN_TEST_PYTHON names, for tests that compare with its packages; null where none is named. */
export const testPython: string | null = process.env['COTRAIN_TEST_PYTHON'] ?? null

/** Whether that Python can import all of these; says what a test is skipped for where it cannot. */
export function pythonHas(...packages: readonly string[]): boolean {
  const isThere =
    testPython !== null && spawnSync(testPython, ['-c', `import ${packages.join(', ')}`]).status === 0
  if (!isThere) console.log(`skips: COTRAIN_TEST_PYTHON names no Python with ${packages.join(', ')}`)
  return isThere
}
