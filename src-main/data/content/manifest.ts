import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { sha256 } from '../../disk/sha256.ts'

/** One image, array, recording or generated part of a data set; `hash` is SHA-256 in hexadecimal. */
export interface ManifestEntry {
  /** What messages call it. */
  readonly name: string
  readonly bytes: number
  readonly hash: string
}

export type Manifest = readonly ManifestEntry[]

/**
 * Which rule a fingerprint follows: 3 is that of today; 2 differs in recordings, of which names of sessions counted; 1 is by
 * files, and runs of it carry no number.
 */
export const CONTENT_RULE = 3
export type ContentRule = 1 | 2 | typeof CONTENT_RULE

/** SHA-256 over the hashes in their order. Names and sizes of files say where content lies, not what it is. */
export const fingerprintOf = (manifest: Manifest): string =>
  sha256(canonicalJson({ rule: 2, content: manifest.map(({ hash }) => hash) })) // the same since the second rule

/** The rule before: names, sizes and hashes of files, in the order of the names. Tells runs and sets of that time. */
export function formerFingerprint(manifest: Manifest): string {
  const sorted = [...manifest].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return sha256(canonicalJson(sorted.map(({ name, bytes, hash }) => ({ name, bytes, hash }))))
}

/** Most files that one message names. */
const NAMED = 20

/** How a fingerprint was taken by the rule of a record. */
export const printBy = (rule: number): ((manifest: Manifest) => string) =>
  rule === 1 ? formerFingerprint : fingerprintOf

/** Compares a set with its record; `data-changed` names each file that is new, gone or different. */
export function requireUnchanged(
  recorded: Manifest,
  found: Manifest,
  where: string,
  rule: number = CONTENT_RULE,
): void {
  const print = printBy(rule)
  if (print(recorded) !== print(found)) throw new CotrainError(differencesOf(recorded, found, where))
}

/** What differs between two states of a set, one problem a part. */
function differencesOf(recorded: Manifest, found: Manifest, where: string): readonly Problem[] {
  const before = new Map(recorded.map((e) => [e.name, e]))
  const problems: Problem[] = []
  const add = (name: string, message: string): void => {
    problems.push({
      code: 'data-changed',
      path: `${where}: ${name}`,
      message,
      hint: 'Put the earlier file back, or start a new run with the changed data.',
    })
  }
  for (const entry of found) {
    const old = before.get(entry.name)
    before.delete(entry.name)
    if (old === undefined) add(entry.name, 'was not there when the data were recorded.')
    else if (old.hash !== entry.hash)
      add(entry.name, `has changed (${old.bytes} bytes then, ${entry.bytes} now).`)
  }
  for (const name of before.keys()) add(name, 'is missing.')
  if (problems.length === 0) add('images', 'are in another order.')
  const rest = problems.length - NAMED
  const shown = problems.slice(0, NAMED)
  if (rest > 0) shown.push({ code: 'data-changed', path: where, message: `${rest} more files differ.` })
  return shown
}
