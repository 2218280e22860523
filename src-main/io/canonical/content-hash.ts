import {
  type Attributes,
  imageAttributes,
  imageParts,
  type Part,
  IMAGE_NAMES,
  sessionAttributes,
  sessionParts,
  truthAttributes,
  truthParts,
} from './layout.ts'
import { pixelBlocks } from './pixel-blocks.ts'
import type { CanonicalSet } from './set.ts'
import { startSha256, type Sha256 } from '../../disk/sha256.ts'

/** Rule of a content hash: 3 is that of today; by rule 2 names of sessions and of image files counted. */
export type HashRule = 2 | 3
export const HASH_RULE: HashRule = 3

/**
 * SHA-256 over what the set says, not over the bytes of its file: pixels, ids, trials, responses, units, ground truth.
 * Names of the set, of its sessions and of image files, date, provenance, compression and derived statistics do not count:
 * they come from places. Sessions count in the order of their names, in which they train.
 */
export async function contentHash(set: CanonicalSet, rule: HashRule = HASH_RULE): Promise<string> {
  const isNamed = rule === 2
  const hash = startSha256()
  const { source } = set.images
  const shape = [source.length, source.height, source.width, source.channels]
  hash.update(`pixels ${source.pixels.element} ${shape.join('x')}\n`)
  for await (const block of pixelBlocks(source)) hash.update(asBytes(block))
  addAttributes(hash, '/images', imageAttributes(set.images))
  imageParts(set.images)
    .filter(({ path }) => isNamed || path !== IMAGE_NAMES)
    .forEach((part) => addPart(hash, part))
  for (const session of [...set.sessions].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const key = isNamed ? session.key : ''
    addAttributes(hash, key, sessionAttributes(session))
    sessionParts({ ...session, key }).forEach((part) => addPart(hash, part))
  }
  addAttributes(hash, '/ground_truth', truthAttributes(set))
  truthParts(set)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .forEach((part) => addPart(hash, part))
  return `sha256:${hash.digest('hex')}`
}

function addAttributes(hash: Sha256, where: string, attributes: Attributes): void {
  const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
  hash.update(`${where} ${JSON.stringify(sorted)}\n`)
}

function addPart(hash: Sha256, part: Part): void {
  if ('strings' in part) {
    hash.update(`${part.path} ${JSON.stringify(part.strings)}\n`)
    return
  }
  hash.update(`${part.path} ${part.values.constructor.name} ${part.shape.join('x')}\n`)
  hash.update(asBytes(part.values))
}

const asBytes = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
