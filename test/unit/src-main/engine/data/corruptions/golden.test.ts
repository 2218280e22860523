import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { cases } from '../../../../../golden/corruptions.ts'

vi.setConfig({ testTimeout: 60_000 }) // a busy machine takes several times longer than a quiet one

const folder = join(import.meta.dirname, '../../../../../fixtures/golden')
const found = await cases(folder)

describe('corruptions against the published code', () => {
  test('the stored part has cases of all three kinds', () => {
    for (const kind of ['deterministic', 'given', 'statistics']) {
      expect(found.some(({ name }) => name.includes(` ${kind} `))).toBe(true)
    }
  })

  test.each(found)('$name', async ({ run }) => {
    const { ok, detail } = await run()
    expect(ok, detail).toBe(true)
  })
})
