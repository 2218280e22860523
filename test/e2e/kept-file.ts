import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
/** Of a file that differs, so many lines are told. */
const MOST_TOLD = 8
/** With COTRAIN_WRITE_TREES=1, what was seen is written in place of being compared. */
export const isWriting = process.env['COTRAIN_WRITE_TREES'] === '1'

export const textOf = (path: string): string => {
  const full = join(ROOT, path)
  return existsSync(full) ? readFileSync(full, 'utf8') : ''
}

/** Compares a text with the committed file, or writes it; returns what differs, nothing where they are the same. */
export function compareWith(path: string, text: string): string[] {
  const kept = textOf(path)
  if (kept === text) return []
  if (isWriting) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true })
    writeFileSync(join(ROOT, path), text)
    return []
  }
  const [before, now] = [kept.split('\n'), text.split('\n')]
  const lines = [
    ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
    ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
  ]
  // Lines in another order, or another number of equal ones: the first place at which they part.
  const at = now.findIndex((line, i) => line !== before[i])
  const parted = [`+ line ${at + 1}: ${now[at] ?? ''}`, `- line ${at + 1}: ${before[at] ?? ''}`]
  const told = (lines.length > 0 ? lines : parted).slice(0, MOST_TOLD).join('\n')
  return [
    `${path} differs; + is seen, - is kept; where that is right, write it with COTRAIN_WRITE_TREES=1:\n${told}`,
  ]
}
