import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { type LeftOut, leftOutSchema } from '../../../src-shared/contract/account.ts'
import { type Hdf5File, openHdf5 } from '../formats/hdf5/hdf5.ts'
import { invalidFile } from '../formats/base/problem.ts'
import { contentHash, HASH_RULE, type HashRule } from './content-hash.ts'
import { type FieldReader, fieldReader } from './fields.ts'
import { hdf5Images } from './hdf5-images.ts'
import { LEFT_OUT } from './layout.ts'
import { readSessionFields } from './read-session.ts'
import type { CanonicalImages, CanonicalSession, CanonicalSet, GroundTruth } from './set.ts'
import { validateCanonical } from './validate.ts'
import { FORMAT, VERSION } from './write.ts'

/** An open data file. Sessions are read when asked for; pixels when drawn. Close it when done. */
export interface CanonicalFile {
  readonly path: string
  readonly name: string
  readonly created: string
  readonly provenance: Readonly<Record<string, unknown>>
  /** As the writer stated it; {@link verifyCanonical} recomputes it. */
  readonly contentHash: string
  /** Rule of that hash. */
  readonly contentRule: HashRule
  readonly images: CanonicalImages
  readonly sessionKeys: readonly string[]
  readonly left: readonly LeftOut[]
  session(key: string): CanonicalSession
  groundTruth(): ReadonlyMap<string, GroundTruth> | null
  close(): void
}

/** How pixels are read: `kept` in memory from the first draw on, for training; one by one for a look at a few. */
export type PixelUse = 'kept' | 'one by one'

/** Opens a data file and reads its outline. CotrainError when it is not ours, damaged, or of a newer version. */
export async function openCanonical(path: string, pixels: PixelUse = 'kept'): Promise<CanonicalFile> {
  const file = await openHdf5(path)
  try {
    return outline(path, file, pixels)
  } catch (error) {
    file.close()
    throw error
  }
}

function outline(path: string, file: Hdf5File, pixels: PixelUse): CanonicalFile {
  const fields = fieldReader(file)
  const format = file.attribute('/', 'format')
  if (format !== FORMAT)
    throw invalidFile(
      path,
      'attribute format',
      `expected "${FORMAT}", got ${JSON.stringify(format ?? null)}.`,
      'Import the file first.',
    )
  const version = file.attribute('/', 'version')
  if (version !== VERSION)
    throw invalidFile(
      path,
      'attribute version',
      `expected ${VERSION}, got ${String(version)}.`,
      'A newer application wrote this file: update this one.',
    )
  return {
    path,
    name: fields.text('/', 'name'),
    created: fields.text('/', 'created'),
    provenance: fields.json('/', 'provenance'),
    contentHash: fields.text('/', 'content_hash'),
    contentRule: fields.optionalNumber('/', 'content_rule') === undefined ? 2 : HASH_RULE,
    images: readImages(file, fields, pixels),
    sessionKeys: file.kind('/sessions') === 'group' ? file.names('/sessions') : [],
    left: readLeft(path, fields),
    session: (key) => readSessionFields(file, fields, key),
    groundTruth: () => readTruth(file),
    close: () => file.close(),
  }
}

function readLeft(path: string, fields: FieldReader): LeftOut[] {
  try {
    return (fields.strings(LEFT_OUT, null, 'optional') ?? []).map((text) =>
      leftOutSchema.parse(JSON.parse(text)),
    )
  } catch {
    throw invalidFile(path, LEFT_OUT, 'is no account of what was left out.', 'Import the data again.')
  }
}

function readImages(file: Hdf5File, fields: FieldReader, pixels: PixelUse): CanonicalImages {
  const limit = pixels === 'kept' ? undefined : 0
  const source = hdf5Images(file, '/images/pixels', limit)
  const number = (name: string): number | undefined => fields.optionalNumber('/images/pixels', name)
  const label = fields.ints('/images/label', source.length, 'optional')
  const labelNames = fields.strings('/images/label_names', null, 'optional')
  const origin = fields.strings('/images/source', source.length, 'optional')
  const [pixelsPerDegree, background] = [number('pixels_per_degree'), number('background')]
  return {
    source,
    id: fields.ints('/images/id', source.length),
    ...(label && { label }),
    ...(labelNames && { labelNames }),
    ...(origin && { origin }),
    ...(pixelsPerDegree !== undefined && { pixelsPerDegree }),
    ...(background !== undefined && { background }),
  }
}

function readTruth(file: Hdf5File): ReadonlyMap<string, GroundTruth> | null {
  if (file.kind('/ground_truth') !== 'group') return null
  const truth = new Map<string, GroundTruth>()
  for (const name of file.names('/ground_truth')) {
    const data = file.read(`/ground_truth/${name}`)
    if (!Array.isArray(data)) truth.set(name, { shape: file.dataset(`/ground_truth/${name}`).shape, data })
  }
  for (const name of file.attributes('/ground_truth')) {
    const value = file.attribute('/ground_truth', name)
    if (typeof value === 'number' || typeof value === 'string') truth.set(name, value)
  }
  return truth
}

/** The whole content at once, for checks, export and hashing; pixels still come from the open file. */
export function loadCanonical(file: CanonicalFile): CanonicalSet {
  const groundTruth = file.groundTruth()
  return {
    name: file.name,
    provenance: file.provenance,
    images: file.images,
    sessions: file.sessionKeys.map((key) => file.session(key)),
    ...(file.left.length > 0 && { left: file.left }),
    ...(groundTruth && { groundTruth }),
  }
}

/** Checks the rules and the stated hash; CotrainError with every finding. */
export async function verifyCanonical(file: CanonicalFile): Promise<void> {
  const set = loadCanonical(file)
  const problems = validateCanonical(set, file.path)
  if (problems.length > 0) throw new CotrainError(problems)
  const actual = await contentHash(set, file.contentRule)
  if (actual !== file.contentHash)
    throw new CotrainError({
      code: 'data-changed',
      path: file.path,
      message: `its content is ${actual}, its own record says ${file.contentHash}.`,
      hint: 'The file was changed after it was written: import the data again.',
    })
}
