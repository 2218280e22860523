import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { replaceFile } from '../../disk/atomic-write.ts'
import { createHdf5, type Hdf5Writer } from '../formats/hdf5/hdf5-writer.ts'
import { contentHash, HASH_RULE } from './content-hash.ts'
import {
  imageAttributes,
  imageParts,
  LEFT_OUT,
  type Part,
  pixelProvenance,
  sessionAttributes,
  sessionParts,
  sessionPath,
  statisticsParts,
  truthAttributes,
  truthParts,
} from './layout.ts'
import { pixelBlocks } from './pixel-blocks.ts'
import type { CanonicalSession, CanonicalSet } from './set.ts'
import { validateCanonical } from './validate.ts'

export const FORMAT = 'cotrain-neural'
export const VERSION = 1

/**
 * Writes a set as the application's data file (HDF5) and returns its content hash. The set is validated first;
 * the file appears complete or not at all. `created` is an ISO date; `onImages` hears of images that were written.
 */
export async function writeCanonical(
  path: string,
  set: CanonicalSet,
  created: string,
  onImages?: (done: number, total: number) => void,
): Promise<string> {
  const problems = validateCanonical(set, path)
  if (problems.length > 0) throw new CotrainError(problems)
  const hash = await contentHash(set)
  await replaceFile(path, async (temporary) => {
    const file = await createHdf5(temporary)
    try {
      const stamps = { created, content_hash: hash, content_rule: HASH_RULE }
      await fill(file, set, stamps, onImages)
    } finally {
      file.close()
    }
  })
  return hash
}

async function fill(
  file: Hdf5Writer,
  set: CanonicalSet,
  stamps: { created: string; content_hash: string; content_rule: number },
  onImages?: (done: number, total: number) => void,
): Promise<void> {
  const { name, images } = set
  file.attributes('/', {
    format: FORMAT,
    version: VERSION,
    name,
    provenance: JSON.stringify(set.provenance),
    ...stamps,
  })
  file.group('/images')
  const { length, height, width, channels } = images.source
  const blocks = pixelBlocks(images.source)
  let given = 0
  await file.blocks('/images/pixels', [length, height, width, channels], async () => {
    onImages?.(given, length)
    const next = await blocks.next()
    if (next.done) return null
    given += next.value.length / (height * width * channels)
    return next.value
  })
  file.attributes('/images/pixels', { ...imageAttributes(images), ...pixelProvenance(images) })
  imageParts(images).forEach((part) => writePart(file, part))
  if (set.left)
    file.strings(
      LEFT_OUT,
      set.left.map((part) => JSON.stringify(part)),
    )
  file.group('/sessions')
  set.sessions.forEach((session) => writeSession(file, session))
  if (set.groundTruth) file.group('/ground_truth', truthAttributes(set))
  truthParts(set).forEach((part) => writePart(file, part))
}

function writeSession(file: Hdf5Writer, session: CanonicalSession): void {
  const at = sessionPath(session.key)
  file.group(at, sessionAttributes(session))
  file.group(`${at}/trials`)
  file.group(`${at}/units`)
  sessionParts(session).forEach((part) => writePart(file, part))
  file.attributes(`${at}/responses`, { layout: session.bins === 1 ? 'TN' : 'TNB' })
  if (session.statistics) file.group(`${at}/statistics`)
  statisticsParts(session).forEach((part) => writePart(file, part))
}

function writePart(file: Hdf5Writer, part: Part): void {
  if ('strings' in part) file.strings(part.path, part.strings)
  else file.array(part.path, part.values, part.shape)
}
