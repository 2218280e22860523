import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temp-folder.ts'

/** A stand-in of a program (a shell script): prints the text for its last word and ends with 1 for any other. */
export function fakeTool(answers: Readonly<Record<string, string>>): string {
  const path = join(temporaryFolder(), 'tool')
  const cases = Object.entries(answers).map(([word, text]) => `'${word}') printf '%s' '${text}';;`)
  const last = 'for last in "$@"; do :; done'
  writeFileSync(path, ['#!/bin/sh', last, 'case "$last" in', ...cases, '*) exit 1;;', 'esac', ''].join('\n'))
  chmodSync(path, 0o755)
  return path
}
