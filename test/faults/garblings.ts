import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { LIVE } from '../../src-shared/contract/run.ts'
import { toProblems } from '../../src-shared/contract/errors.ts'
import type { Rng } from '../../src-shared/util/rng.ts'
import { readSettings, readUi } from '../../src-main/runs/home/settings-file.ts'
import { latestCheckpoint } from '../../src-main/store/files/checkpoint-folder.ts'
import { openLab } from '../support/lab.ts'
import type { Figures } from './figures.ts'
import type { Prepared } from './scenario.ts'
import { copyOf, prepareStore, trainHere, weightsOf } from './scenario.ts'

/** What becomes of a file on a failing disk, in a bad copy, or under the hands of somebody. */
const GARBLINGS: Readonly<Record<string, (path: string, size: number, rng: Rng) => void>> = {
  'a bit flipped': (path, size, rng) =>
    changed(path, (bytes) => void (bytes[rng.int(size)]! ^= 1 << rng.int(8))),
  'some bytes replaced': (path, size, rng) =>
    changed(path, (bytes) => {
      for (let i = 0; i < 8; i++) bytes[rng.int(size)] = rng.int(256)
    }),
  'cut off': (path, size, rng) => truncateSync(path, rng.int(size)),
  emptied: (path) => truncateSync(path, 0),
  'its end filled with zeros': (path, size, rng) =>
    changed(path, (bytes) => void bytes.fill(0, rng.int(size))),
  'written twice': (path) => appendFileSync(path, readFileSync(path)),
  'replaced by another': (path, _size, rng) =>
    writeFileSync(path, Buffer.from(Array.from({ length: 300 }, () => rng.int(256)))),
}

function changed(path: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path)
  if (bytes.length > 0) change(bytes)
  writeFileSync(path, bytes)
}

/** Spoils one file of a store `count` times: all other runs are listed, whatever cannot be read is named, the queue goes on. */
export async function garblings(scratch: string, rng: Rng, count: number, figures: Figures): Promise<void> {
  const prepared = await prepareStore(join(scratch, 'template'))
  const files = filesBelow(prepared.home)
  const kinds = Object.entries(GARBLINGS)
  for (let i = 0; i < count; i++) {
    const home = mkdtempSync(join(scratch, 'home-'))
    copyOf(prepared.home, home)
    const file = files[rng.int(files.length)]!
    const [name, garble] = kinds[rng.int(kinds.length)]!
    const path = join(home, file)
    garble(path, readFileSync(path).length, rng)
    const isLast = i % 10 === 0
    const wrong = await lookAt(home, prepared, file, isLast)
    figures.count('garbling', 'garbled files met')
    if (wrong.length > 0) figures.fail(`${file} ${name}`, wrong)
    rmSync(home, { recursive: true })
  }
  figures.say(`${files.length} files of ${kinds.length} kinds of garbling`)
}

function filesBelow(home: string): string[] {
  return readdirSync(home, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(home, join(entry.parentPath, entry.name)))
    .sort()
}

async function lookAt(home: string, { runs }: Prepared, file: string, train: boolean): Promise<string[]> {
  const wrong: string[] = []
  const lab = openLab(home)
  const guarded = <T>(what: string, work: () => T): T | null => {
    try {
      return work()
    } catch (error) {
      const [problem] = toProblems(error)
      const isSaid = problem !== undefined && problem.code !== 'internal' && problem.path !== undefined
      if (!isSaid) wrong.push(`${what}: ${error instanceof Error ? error.stack : String(error)}`)
      return null
    }
  }
  const ids = Object.values(runs)
  const list = guarded('list', () => lab.store.list().runs) ?? []
  for (const id of ids) {
    const row = list.find((run) => run.id === id)
    const isSpoilt = file.includes(id)
    if (row === undefined) wrong.push(`run ${id.slice(0, 6)} is not listed`)
    else if (!row.readable && !isSpoilt) wrong.push(`run ${id.slice(0, 6)} cannot be read`)
    else if (!row.readable && row.problem?.path === undefined)
      wrong.push(`no file is named: ${row.problem?.message}`)
    else if (LIVE.has(row.status) && row.readable) wrong.push(`run ${id.slice(0, 6)} is ${row.status}`)
    if (isSpoilt) {
      guarded('read', () => lab.store.read(id))
      guarded('history', () => lab.store.history(id).read())
      guarded('weights', () => weightsOf(lab, id))
      guarded('checkpoint', () => latestCheckpoint(lab.store.files(id).checkpoints, ''))
    }
  }
  guarded('settings', () => readSettings(lab.store))
  guarded('interface', () => readUi(lab.store))
  try {
    const { waiting } = await lab.queue.reconcile()
    const next = waiting.map(({ id }) => id).find((id) => !file.includes(id))
    if (next === undefined) wrong.push('no run waits any more')
    else if (train) await trainHere(lab, next)
  } catch (error) {
    wrong.push(`the queue: ${error instanceof Error ? error.stack : String(error)}`)
  }
  lab.store.close()
  return wrong
}
