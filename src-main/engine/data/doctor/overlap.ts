import { type Finding, firstPlaces, nameSome } from './finding.ts'

/** Hashes of the images of one part. */
export interface HashedPart {
  readonly name: string
  readonly hashes: readonly string[]
}

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
      message: `${shared.length} of ${b.hashes.length} images of ${b.name} are also in ${a.name} (positions ${nameSome(shared)}).`,
      reason: 'Scores on images seen in training say nothing about new ones.',
      fix: `Remove them from ${a.name}, or split by image.`,
      where: { field: 'pixels', part: b.name, images: firstPlaces(shared) },
    },
  ]
}
