import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { dataAccount } from '../../../src-shared/contract/account.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { nearestName } from '../../../src-shared/util/nearest-name.ts'
import { dataPart, dataSession, finding, importChoice, stimuli } from '../../../src-shared/contract/views.ts'
import { writeFileAtomic } from '../../disk/atomic-write.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { homeLayout } from '../../disk/home-layout.ts'

const record = z.object({
  version: z.literal(1),
  /** Fingerprint of the content; also the name of this record's file. */
  id: z.string(),
  name: z.string(),
  /** Names under which the same content was added again. */
  aliases: z.array(z.string()).default([]),
  kind: z.enum(['images', 'neural']),
  /** Where the user had it. */
  origin: z.string(),
  /** Where it is used from: the data file of the application, or the user's image folder. */
  path: z.string(),
  /** Places in which it was before. */
  formerly: z.array(z.string()).default([]),
  addedAt: z.number(),
  bytes: z.number(),
  summary: z.string(),
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
  findings: z.array(finding),
  /** False from adding until findings, statistics and reliability are known. */
  checked: z.boolean().default(true),
  account: dataAccount.optional(),
  parts: z.array(dataPart).optional(),
  sessions: z.array(dataSession).optional(),
  stimuli: stimuli.optional(),
  choices: z.array(importChoice).optional(),
  /** Findings that were set aside, by their key, and why. */
  ignored: z.record(z.string(), z.object({ reason: z.string(), at: z.number() })).default({}),
  /** Options of new experiments on the set. */
  options: z.record(z.string(), z.number()).default({}),
  /** Side to which images of several sizes are brought when they are looked at; null: they have one size. */
  size: z.number().nullable().default(null),
  /** What the user says about the numbers of the images. */
  stated: z.object({ valueMin: z.number().optional(), valueMax: z.number().optional() }).default({}),
  /** Rule of the fingerprint: 1 is by files, as earlier versions did. */
  rule: z.number().default(1),
  manifest: z.array(z.object({ name: z.string(), bytes: z.number(), hash: z.string() })),
})

/** One registered data set. */
export type DataRecord = Readonly<z.infer<typeof record>>

/** Where the records and the data files of the library are. */
export const recordFile = (home: string, id: string): string => join(homeLayout(home).datasets, `${id}.json`)

export async function writeRecord(entry: DataRecord, deps: Pick<DataDeps, 'home'>): Promise<void> {
  await mkdir(homeLayout(deps.home).datasets, { recursive: true })
  await writeFileAtomic(recordFile(deps.home, entry.id), `${JSON.stringify(entry, null, 2)}\n`)
}

/** Every registered set, oldest first; a record that cannot be read is left out. */
export async function readRecords(deps: Pick<DataDeps, 'home'>): Promise<readonly DataRecord[]> {
  const folder = homeLayout(deps.home).datasets
  if (!existsSync(folder)) return []
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
  const found = await Promise.all(names.map((name) => readRecord(join(folder, name))))
  return found.filter((r) => r !== null).sort((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1))
}

async function readRecord(path: string): Promise<DataRecord | null> {
  try {
    return record.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null // damaged or of another version: the set can be added again
  }
}

/** Everything that a set is called. */
export const namesOf = ({ name, aliases }: Pick<DataRecord, 'name' | 'aliases'>): string[] => [
  name,
  ...aliases,
]

/** Whether a name is the beginning of a set's fingerprint; ten letters are enough. */
export const isFingerprint = (name: string, { id }: Pick<DataRecord, 'id'>): boolean =>
  name.length >= 10 && id.startsWith(name)

/** Sets with this name, or else those whose fingerprint begins with it. */
function matching(records: readonly DataRecord[], name: string): readonly DataRecord[] {
  const byName = records.filter((r) => namesOf(r).includes(name))
  return byName.length > 0 ? byName : records.filter((r) => isFingerprint(name, r))
}

/** The one set that is called so; null for none and for several. */
export function findIn(records: readonly DataRecord[], name: string): DataRecord | null {
  const found = matching(records, name)
  return found.length === 1 ? (found[0] ?? null) : null
}

/** The set with this name or fingerprint (its first ten letters are enough). */
export async function findRecord(name: string, deps: Pick<DataDeps, 'home'>): Promise<DataRecord> {
  const records = await readRecords(deps)
  const [first, second] = matching(records, name)
  if (first !== undefined && second === undefined) return first
  if (second !== undefined)
    throw unknownSet(name, 'several registered data sets have this name.', 'Name one by its fingerprint.')
  const names = records.flatMap(namesOf)
  const near = nearestName(name, names)
  const known =
    names.length === 0
      ? 'None is registered yet: add it with `cotrain data add`.'
      : `Registered: ${names.join(', ')}.`
  throw unknownSet(
    name,
    'no registered data set has this name.',
    near === null ? known : `Did you mean "${near}"?`,
  )
}

/** @returns the refusal of a name that stands for no set */
export const unknownSet = (name: string, message: string, hint: string): CotrainError =>
  new CotrainError({ code: 'data-missing', path: name, message, hint })
