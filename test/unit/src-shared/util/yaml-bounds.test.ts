import { describe, expect, it } from 'vitest'
import { hasManyAnchors, nestsTooDeep } from '../../../../src-shared/util/yaml-bounds.ts'

describe('a text of YAML', () => {
  it('may nest as configs do', () => {
    expect(nestsTooDeep('a: {b: [1, 2, {c: 3}]}\nd:\n  - - e: "[["\n')).toBe(false)
    expect(nestsTooDeep('[]'.repeat(100_000))).toBe(false)
    expect(nestsTooDeep(`note: ${'a - b: c '.repeat(1_000)}`)).toBe(false)
  })

  it('is refused by its open brackets, dashes or columns', () => {
    for (const text of ['['.repeat(300), '{a: '.repeat(300), '- '.repeat(300), `${' '.repeat(300)}a: 1`])
      expect(nestsTooDeep(text)).toBe(true)
  })

  it('may hold ampersands, and no crowd of anchors', () => {
    expect(hasManyAnchors('note: "Smith & Jones, a&b"\n'.repeat(1_000))).toBe(false)
    expect(hasManyAnchors('- &a 1\n'.repeat(1_000))).toBe(true)
  })
})
