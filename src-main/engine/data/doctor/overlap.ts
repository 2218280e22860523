import { type Finding, firstPlaces, nameSome } from './finding.ts'

/** Hashes of the images of one part. */
export interface HashedPart {
  readonly name: string
  readonly hashes: readonly string[]
}

/** What people call the parts that files and configs name. */
const WORDS: Readonly<Record<string, string>> = { train: 'training', val: 'validation' }
const wordOf = ({ name }: HashedPart): string => WORDS[name] ?? name

/** Images that stand in two parts: each pair of parts with an overlap is one finding. */
export function overlapFindings(parts: readonly HashedPart[]): Finding[] {
  return parts.flatMap((a, i) => parts.slice(i + 1).flatMap((b) => overlap(a, b)))
}

function overlap(a: HashedPart, b: HashedPart): Finding[] {
  const known = new Set(a.hashes)
  const shared = b.hashes.flatMap((hash, position) => (known.has(hash) ? [position] : []))
  if (shared.length === 0) return []
  return [
    {
      code: 'train-test-overlap',
      severity: 'error',
      message: `${shared.length} of ${b.hashes.length} ${wordOf(b)} images are also ${wordOf(a)} images (positions ${nameSome(shared)}).`,
      reason: 'Scores on images seen in training say nothing about new ones.',
      fix: `Remove them from the ${wordOf(a)} images, or split by image.`,
      where: { field: 'pixels', part: b.name, images: firstPlaces(shared) },
    },
  ]
}
