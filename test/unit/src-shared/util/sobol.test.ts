import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sobol, SOBOL_DIMENSIONS } from '../../../../src-shared/util/sobol.ts'

const { sobol: points } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../fixtures/search/reference.json'), 'utf8'),
) as { sobol: number[][] }

describe('the Sobol sequence', () => {
  it('is that of scipy in all its dimensions', () => {
    const at = sobol(SOBOL_DIMENSIONS)
    expect(points.map((_, i) => at(i))).toEqual(points)
  })

  it('moved by a digital shift fills every interval of a power of two once', () => {
    const at = sobol(5, [123456789, 42, 7, 999999999, 1])
    for (let d = 0; d < 5; d++)
      expect(new Set(Array.from({ length: 64 }, (_, i) => Math.floor(64 * at(i)[d]!))).size).toBe(64)
  })

  it('refuses more dimensions than it knows', () => {
    expect(() => sobol(SOBOL_DIMENSIONS + 1)).toThrow('21 dimensions')
  })
})
