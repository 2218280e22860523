import { createHash, type Hash } from 'node:crypto'
import {
  type Attributes,
  imageAttributes,
  imageParts,
  type Part,
  sessionAttributes,
  sessionParts,
  truthAttributes,
  truthParts,
} from './layout.ts'
import { pixelBlocks } from './pixel-blocks.ts'
import type { CanonicalSet } from './set.ts'

/**
 * SHA-256 over what the set says, not over the bytes of its file: pixels, ids, trials, responses, units, ground truth.
 * Name, date, provenance, compression and derived statistics do not count; the order of sessions does not either.
 */
export async function contentHash(set: CanonicalSet): Promise<string> {
  const hash = createHash('sha256')
  const { source } = set.images
  const shape = [source.length, source.height, source.width, source.channels]
  hash.update(`pixels ${source.pixels.element} ${shape.join('x')}\n`)
  for await (const block of pixelBlocks(source)) hash.update(asBytes(block))
  addAttributes(hash, '/images', imageAttributes(set.images))
  imageParts(set.images).forEach((part) => addPart(hash, part))
  for (const session of [...set.sessions].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    addAttributes(hash, session.key, sessionAttributes(session))
    sessionParts(session).forEach((part) => addPart(hash, part))
  }
  addAttributes(hash, '/ground_truth', truthAttributes(set))
  truthParts(set)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .forEach((part) => addPart(hash, part))
  return `sha256:${hash.digest('hex')}`
}

function addAttributes(hash: Hash, where: string, attributes: Attributes): void {
  const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
  hash.update(`${where} ${JSON.stringify(sorted)}\n`)
}

function addPart(hash: Hash, part: Part): void {
  if ('strings' in part) {
    hash.update(`${part.path} ${JSON.stringify(part.strings)}\n`)
    return
  }
  hash.update(`${part.path} ${part.values.constructor.name} ${part.shape.join('x')}\n`)
  hash.update(asBytes(part.values))
}

const asBytes = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
