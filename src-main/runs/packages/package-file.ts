import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { PACKAGE_ENDING, PACKAGE_FORMAT, digest } from '../../../src-shared/contract/package.ts'
import { replaceFile } from '../../disk/atomic-write.ts'
import { sha256, sha256OfParts } from '../../disk/sha256.ts'
import { openFile } from '../../io/formats/base/byte-source.ts'
import { invalidFile, refusedFile } from '../../io/formats/base/problem.ts'
import type { ZipArchive } from '../../io/formats/zip/zip.ts'
import { STORED, openZip } from '../../io/formats/zip/zip.ts'
import { writeZip } from '../../io/formats/zip/zip-write.ts'

/** The members of a package. Nothing but these names is in one, and none of them is a program. */
const MANIFEST = 'manifest.json'
export const CARD = 'card.json'
export const CARD_TEXT = 'card.md'
const RUN_FILES = ['run.json', 'config.yaml', 'weights.safetensors', 'units.safetensors', 'examples.safetensors'] as const // prettier-ignore
export type RunFile = (typeof RUN_FILES)[number]
export const runMember = (id: string, file: RunFile): string => `runs/${id}/${file}`
const RUN_MEMBER = new RegExp(`^runs/[0-9a-f]{64}/(${RUN_FILES.join('|')})$`.replaceAll('.', '\\.'))
const isKnown = (name: string): boolean => name === CARD || name === CARD_TEXT || RUN_MEMBER.test(name)

/** Most bytes of a member that is text, and of one that holds tensors. */
const MAX_TEXT_BYTES = 32_000_000
const MAX_TENSOR_BYTES = 2 ** 31
const MAX_MEMBERS = 400

const manifestSchema = z.strictObject({
  kind: z.literal('cotrain-package'),
  format: z.number(),
  members: z.record(z.string(), z.strictObject({ bytes: z.number().int().min(0), sha256: digest })),
})

/** Content of the members by name, in the order in which they are written. */
export type PackageMembers = ReadonlyMap<string, readonly Uint8Array[]>

/** Packages never overwrite anything. @throws CotrainError for another ending, a file that is there, and a folder that is not */
export function requireNewPackage(path: string): void {
  const refuse = (
    code: 'config-invalid' | 'not-allowed' | 'file-missing',
    at: string,
    message: string,
    hint: string,
  ) =>
    // prettier-ignore
    new CotrainError({ code, path: at, message, hint })
  if (!path.endsWith(PACKAGE_ENDING) || path.endsWith(`/${PACKAGE_ENDING}`))
    throw refuse('config-invalid', path, 'is no name for a package.', `End it with ${PACKAGE_ENDING}.`)
  if (existsSync(path)) throw refuse('not-allowed', path, 'exists already.', 'Choose a new name.')
  if (!existsSync(dirname(path)))
    throw refuse('file-missing', dirname(path), 'no such folder.', 'Create it first.')
}

/** Writes members and their checksums as one file, which appears whole or not at all. */
export async function writePackage(path: string, members: PackageMembers): Promise<void> {
  const listed = new Map(
    [...members].map(([name, parts]) => [
      name,
      { bytes: parts.reduce((sum, part) => sum + part.length, 0), sha256: sha256OfParts(parts) },
    ]),
  )
  const manifest = { kind: 'cotrain-package', format: PACKAGE_FORMAT, members: Object.fromEntries(listed) }
  const first = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)
  await replaceFile(path, (temporary) =>
    writeZip(temporary, [
      { name: MANIFEST, parts: () => [first] },
      ...[...members].map(([name, parts]) => ({ name, parts: () => parts })),
    ]),
  )
}

/** A package whose list of members was checked; each is compared with its checksum as it is read. */
export interface PackageFile {
  readonly path: string
  readonly bytes: number
  readonly members: readonly { readonly name: string; readonly bytes: number }[]
  /** @throws CotrainError `file-invalid` where the member is missing, or not what its checksum says */
  read(name: string): Uint8Array
  /** JSON of this shape. @throws CotrainError naming the field */
  json<S extends z.ZodType>(name: string, schema: S): z.output<S>
  close(): void
}

/**
 * Opens a package. Nothing of it is unpacked: members are stored as they are, so that none grows, under names that are known.
 * @throws CotrainError `file-refused` for anything that a package never has, `file-invalid` for what is damaged
 */
export function openPackage(path: string): PackageFile {
  const source = openFile(path)
  try {
    const zip = openZip(source)
    requireKnownMembers(path, zip)
    const { members } = readManifest(path, zip)
    requireListed(path, zip, members)
    const read = (name: string): Uint8Array => {
      const listed = members[name]
      if (listed === undefined) throw invalidFile(path, name, 'is missing in the package.', ASK_AGAIN)
      const bytes = zip.read(name)
      if (sha256(bytes) === listed.sha256) return bytes
      throw invalidFile(path, name, 'is not what its checksum says.', ASK_AGAIN)
    }
    return {
      path,
      bytes: source.size,
      members: zip.entries.map(({ name, size }) => ({ name, bytes: size })),
      read,
      json: (name, schema) => parsed(path, name, read(name), schema),
      close: () => source.close(),
    }
  } catch (error) {
    source.close()
    throw error
  }
}

const ASK_AGAIN = 'Copy or download the file again; if it stays so, ask who sent it.'

function requireKnownMembers(path: string, { entries }: ZipArchive): void {
  if (!entries.some(({ name }) => name === MANIFEST))
    throw invalidFile(
      path,
      null,
      'is no CoTrain package: it has no manifest.json.',
      'Choose a .cotrain file.',
    )
  if (entries.length > MAX_MEMBERS)
    throw refusedFile(path, null, `lists ${entries.length} files, a package has at most ${MAX_MEMBERS}.`)
  for (const { name, method, size } of entries) {
    if (name !== MANIFEST && !isKnown(name))
      throw refusedFile(
        path,
        JSON.stringify(name),
        'is nothing that a package holds.',
        'Do not use this file.',
      )
    if (method !== STORED)
      throw refusedFile(path, name, 'is compressed; members of a package are not.', 'Do not use this file.')
    const most = name.endsWith('.safetensors') ? MAX_TENSOR_BYTES : MAX_TEXT_BYTES
    if (size > most) throw refusedFile(path, name, `has ${size} bytes, the limit is ${most}.`)
  }
}

function readManifest(path: string, zip: ZipArchive): z.output<typeof manifestSchema> {
  const manifest = parsed(path, MANIFEST, zip.read(MANIFEST), manifestSchema)
  if (manifest.format === PACKAGE_FORMAT) return manifest
  throw refusedFile(
    path,
    MANIFEST,
    `its format is ${manifest.format}, this version reads ${PACKAGE_FORMAT}.`,
    manifest.format > PACKAGE_FORMAT ? 'Update the app to open this package.' : 'Ask for a new package.',
  )
}

/** What lies in the file is what the manifest lists, no more and no less. */
function requireListed(
  path: string,
  { entries }: ZipArchive,
  members: z.output<typeof manifestSchema>['members'],
): void {
  const sizes = new Map(entries.map(({ name, size }) => [name, size]))
  for (const [name, { bytes }] of Object.entries(members)) {
    if (!sizes.has(name)) throw invalidFile(path, name, 'is missing in the package.', ASK_AGAIN)
    if (sizes.get(name) !== bytes)
      throw invalidFile(path, name, `has ${sizes.get(name)} bytes, the manifest says ${bytes}.`, ASK_AGAIN)
  }
  const unlisted = entries.find(({ name }) => name !== MANIFEST && !Object.hasOwn(members, name))
  if (unlisted !== undefined)
    throw refusedFile(path, unlisted.name, 'is not in the manifest.', 'Do not use this file.')
}

function parsed<S extends z.ZodType>(path: string, name: string, bytes: Uint8Array, schema: S): z.output<S> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw invalidFile(path, name, 'is not JSON.', ASK_AGAIN)
  }
  const found = schema.safeParse(value)
  if (found.success) return found.data
  const issue = found.error.issues[0]
  const at = [name, ...(issue?.path ?? [])].join('.')
  throw invalidFile(path, at, `${issue?.message ?? 'unexpected content'}.`, ASK_AGAIN)
}
