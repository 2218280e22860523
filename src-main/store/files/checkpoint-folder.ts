import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { asDiskProblem } from '../../disk/disk-problem.ts'
import { errorCode } from '../../disk/error-code.ts'
import { flushFolder, makeDurableFolder } from '../../disk/flush-folder.ts'
import { readJson } from '../../disk/read-json.ts'
import { sha256 as digestOf, sha256OfParts } from '../../disk/sha256.ts'

const FORMAT = 1
const MANIFEST = 'manifest.json'

const manifest = z.object({
  format: z.literal(FORMAT),
  step: z.number().int(),
  epoch: z.number(),
  score: z.number().nullable(),
  best: z.boolean(),
  /** When it was saved, in Unix milliseconds; absent in checkpoints of earlier versions. */
  at: z.number().optional(),
  /** Identity hash of the config: weights of another model are never taken for these. */
  config: z.string(),
  files: z.record(z.string(), z.object({ bytes: z.number().int(), sha256: z.string() })),
})
type CheckpointManifest = z.infer<typeof manifest>

export interface NewCheckpoint {
  readonly step: number
  readonly epoch: number
  readonly score: number
  readonly best: boolean
  readonly at?: number | undefined
  readonly config: string
  /** Content by file name. */
  readonly files: ReadonlyMap<string, readonly Uint8Array[]>
}

export interface StoredCheckpoint {
  readonly folder: string
  readonly manifest: CheckpointManifest
}

/** How many to keep: the last ones to go on from, the best ones to come back to, those of every n-th epoch (0: none). */
export interface Retention {
  readonly last: number
  readonly best: number
  readonly every: number
}
/** Two, because the newest may be the one that a failing disk spoilt. */
export const RETENTION: Retention = { last: 2, best: 1, every: 0 }

/**
 * Writes a checkpoint as a folder that appears complete or not at all, reads it back, and only then drops the ones
 * that are no longer kept.
 */
export function saveCheckpoint(
  folder: string,
  made: NewCheckpoint,
  keep: Retention = RETENTION,
): StoredCheckpoint {
  const name = `${made.epoch}-${made.step}`
  const hint = 'Check the disk, then resume the run: it goes on from the checkpoint before.'
  const temporary = join(folder, `.new-${name}-${randomBytes(4).toString('hex')}`)
  try {
    makeDurableFolder(folder)
    const written = fill(temporary, made)
    const place = join(folder, name)
    replaceFolder(temporary, place)
    flushFolder(folder)
    const fault = faultOf(place, written)
    if (fault !== null) throw new CotrainError({ code: 'file-invalid', path: place, message: fault, hint })
    prune(folder, place, keep)
    return { folder: place, manifest: written }
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    throw asDiskProblem(
      error,
      folder,
      'Free some space, then resume the run.',
      'the disk is full; the earlier checkpoints are intact.',
    )
  }
}

/** The newest checkpoint that is whole and belongs to this config; `skipped` says what was wrong with newer ones. */
export function latestCheckpoint(
  folder: string,
  config: string,
): { found: StoredCheckpoint | null; skipped: string[] } {
  const skipped: string[] = []
  for (const { place, step } of checkpointFolders(folder)) {
    const read = inspect(place, config)
    if (typeof read !== 'string') return { found: { folder: place, manifest: read }, skipped }
    skipped.push(`checkpoint at step ${step} left out: ${read}`)
  }
  return { found: null, skipped }
}

/** Checkpoints with a readable manifest, newest first. */
export function keptCheckpoints(folder: string): StoredCheckpoint[] {
  return checkpointFolders(folder).flatMap(({ place }) => {
    try {
      const read = readJson(join(place, MANIFEST), manifest)
      return read === null ? [] : [{ folder: place, manifest: read }]
    } catch {
      return []
    }
  })
}

/** What is wrong with the files of a checkpoint, by their content; null when nothing is. Reads them all. */
export const checkpointFault = ({ folder, manifest: m }: StoredCheckpoint): string | null =>
  faultOf(folder, m)

/** What is wrong with them by their sizes alone, which are seen at a glance. */
export const checkpointSizeFault = ({ folder, manifest: m }: StoredCheckpoint): string | null =>
  sizeFaultOf(folder, m)

/** Puts a checkpoint of another run into this folder, for the config that goes on from it. */
export function adoptCheckpoint(
  { folder: from, manifest: m }: StoredCheckpoint,
  folder: string,
  config: string,
): void {
  const fault = faultOf(from, m)
  if (fault !== null) throw new CotrainError({ code: 'file-invalid', path: from, message: fault })
  const files = new Map(Object.keys(m.files).map((name) => [name, [readFileSync(join(from, name))]]))
  saveCheckpoint(folder, { ...m, score: m.score ?? NaN, config, files })
}

/** Checkpoint folders, newest first; half-written ones do not count. */
export function checkpointFolders(folder: string): { place: string; epoch: number; step: number }[] {
  const named = /^(\d+(?:\.\d+)?)-(\d+)$/
  const out: { place: string; epoch: number; step: number }[] = []
  for (const name of namesIn(folder)) {
    const match = named.exec(name)
    if (match !== null)
      out.push({ place: join(folder, name), epoch: Number(match[1]), step: Number(match[2]) })
  }
  return out.sort((a, b) => b.step - a.step || b.epoch - a.epoch)
}

interface CheckedCheckpoint {
  readonly place: string
  readonly step: number
  /** What is wrong with its files; null for a whole one. */
  readonly fault: string | null
  /** It was written by a later version, which this one does not judge. */
  readonly later: boolean
}

/** Every checkpoint folder, newest first. Reads all their files. */
export const checkedCheckpoints = (folder: string): CheckedCheckpoint[] =>
  checkpointFolders(folder).map(({ place, step }) => {
    const read = inspect(place, null)
    return { place, step, fault: typeof read === 'string' ? read : null, later: isLater(place) }
  })

function isLater(place: string): boolean {
  try {
    const said = readJson(join(place, MANIFEST), z.looseObject({ format: z.number() }))
    return said !== null && said.format > FORMAT
  } catch {
    return false
  }
}

/** The manifest of a whole checkpoint of this config, of any for null; else what is wrong. */
function inspect(place: string, config: string | null): CheckpointManifest | string {
  try {
    const read = readJson(join(place, MANIFEST), manifest)
    if (read === null) return 'it has no manifest.'
    if (config !== null && read.config !== config) return 'it belongs to another config.'
    return faultOf(place, read) ?? read
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function fill(temporary: string, made: NewCheckpoint): CheckpointManifest {
  mkdirSync(temporary, { recursive: true })
  const files: Record<string, { bytes: number; sha256: string }> = {}
  for (const [name, parts] of made.files) {
    writeDurably(join(temporary, name), parts)
    files[name] = { bytes: parts.reduce((sum, part) => sum + part.length, 0), sha256: sha256OfParts(parts) }
  }
  const { step, epoch, best, config, at } = made
  const score = Number.isFinite(made.score) ? made.score : null
  const when = at === undefined ? {} : { at }
  const content: CheckpointManifest = { format: FORMAT, step, epoch, score, best, ...when, config, files }
  writeDurably(join(temporary, MANIFEST), [Buffer.from(JSON.stringify(content, null, 1))])
  flushFolder(temporary)
  return content
}

/** What differs between the files and their manifest; null when nothing does. */
function faultOf(place: string, made: CheckpointManifest): string | null {
  const fault = sizeFaultOf(place, made)
  if (fault !== null) return fault
  for (const [name, { sha256 }] of Object.entries(made.files)) {
    let content: Buffer
    try {
      content = readFileSync(join(place, name))
    } catch {
      return `${name} cannot be read.`
    }
    if (digestOf(content) !== sha256) return `${name} does not have the content that was written.`
  }
  return null
}

function sizeFaultOf(place: string, { files }: CheckpointManifest): string | null {
  for (const [name, { bytes }] of Object.entries(files)) {
    const found = statSync(join(place, name), { throwIfNoEntry: false })?.size
    if (found === undefined) return `${name} is missing.`
    if (found !== bytes) return `${name} has ${found} bytes, expected ${bytes}.`
  }
  return null
}

/**
 * The last checkpoints that are whole, and what is newer than the oldest of them: one that a failing disk has spoilt must not push out a
 * whole one. `made` was read back a moment ago; the others are read now.
 */
function lastWhole(all: readonly { place: string }[], made: string, count: number): string[] {
  let whole = 0
  const end = all.findIndex(({ place }) => {
    if (whole >= count) return true
    if (place === made || typeof inspect(place, null) !== 'string') whole++
    return false
  })
  return (end === -1 ? all : all.slice(0, end)).map(({ place }) => place)
}

function prune(folder: string, made: string, keep: Retention): void {
  const all = checkpointFolders(folder)
  // One whose manifest is spoilt is no best one; it must not keep the new one from being saved.
  const best = keptCheckpoints(folder).filter((one) => one.manifest.best)
  const spaced = all.filter(({ epoch }) => keep.every > 0 && epoch % keep.every === 0)
  const kept = new Set([
    ...lastWhole(all, made, keep.last),
    ...spaced.map(({ place }) => place),
    ...best.slice(0, keep.best).map((one) => one.folder),
  ])
  for (const { place } of all) if (!kept.has(place)) rmSync(place, { recursive: true, force: true })
  for (const name of namesIn(folder))
    if (name.startsWith('.')) rmSync(join(folder, name), { recursive: true, force: true })
}

/** A resumed run may reach the same step again: the earlier folder makes place in one rename. */
function replaceFolder(temporary: string, place: string): void {
  try {
    renameSync(temporary, place)
  } catch (error) {
    const code = errorCode(error)
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error
    renameSync(place, `${temporary}-old`)
    renameSync(temporary, place)
    rmSync(`${temporary}-old`, { recursive: true, force: true })
  }
}

function writeDurably(path: string, parts: readonly Uint8Array[]): void {
  const fd = openSync(path, 'wx')
  try {
    for (const part of parts) for (let done = 0; done < part.length;) done += writeSync(fd, part, done)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
