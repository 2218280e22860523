import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { WORDS } from '../../../../src-renderer/format/words.ts'

it('explains words of the glossary as the glossary does', () => {
  const rows = readFileSync('docs/glossary.md', 'utf8')
    .split('\n')
    .map((row) => row.split('|').map((c) => c.trim()))
  const meanings = new Map(rows.map(([, word = '', meaning = '']) => [word, meaning]))
  for (const word of ['oracle correlation', 'explainable variance', 'Fano factor'] as const)
    expect(WORDS[word]).toBe(meanings.get(word))
})
