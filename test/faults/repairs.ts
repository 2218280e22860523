import { createHash } from 'node:crypto'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { lockHolder } from '../../src-main/disk/file-lock.ts'
import { ownIdentity } from '../../src-main/disk/process-identity.ts'
import { checkStore } from '../../src-main/runs/shelf/check-store.ts'
import { repairStore } from '../../src-main/runs/shelf/repair-store.ts'
import { saveCheckpoint } from '../../src-main/store/files/checkpoint-folder.ts'
import { openEventWriter } from '../../src-main/store/history/event-writer.ts'
import { openLab } from '../support/lab.ts'
import type { Figures } from './figures.ts'
import { copyOf } from './scenario.ts'
import { systemError, watchFiles } from './watched-files.ts'

const TORN = '{"kind":"metr'
const LONG_AGO = 1_000_000

/** Cuts a repair off at each of its calls, as a kill does, and repairs again: all is mended and no byte is lost. */
export async function repairs(scratch: string, figures: Figures): Promise<void> {
  const template = join(scratch, 'template')
  const damaged = await damagedStore(template)
  const calls = await cutOff(scratch, template, Infinity, () => undefined)
  for (let call = 0; call < calls; call++)
    await cutOff(scratch, template, call, (home) => {
      const wrong = damaged
        .filter((sum) => !contents(home).has(sum))
        .map((sum) => `content ${sum.slice(0, 8)} is gone`)
      const lab = openLab(home)
      const open = checkStore(lab.store).findings.filter(({ mend }) => mend !== null)
      lab.store.close()
      wrong.push(...open.map(({ path, problem }) => `not mended: ${path}: ${problem}`))
      if (wrong.length > 0) figures.fail(`cut off at call ${call}`, wrong)
      else figures.count('repair', 'cut off and repaired')
    })
  figures.say(`${calls} calls of a repair`)
}

/** Repairs a copy, of which no call from this one on does anything, then once more; gives the number of calls of the first. */
async function cutOff(
  scratch: string,
  template: string,
  from: number,
  look: (home: string) => void,
): Promise<number> {
  const home = mkdtempSync(join(scratch, 'home-'))
  copyOf(template, home)
  let count = 0
  const dead = openLab(home)
  const unwatch = watchFiles(home, {
    before: (call) => (count++ >= from ? { error: systemError('EIO', call) } : null),
  })
  try {
    await repairStore(dead.store)
  } catch {
    // it is dead
  } finally {
    unwatch()
    dead.store.close()
  }
  buryLocks(home)
  const next = openLab(home)
  await repairStore(next.store)
  next.store.close()
  look(home)
  rmSync(home, { recursive: true, force: true })
  return count
}

/** This process lives on where that of a killed repair would be gone: its locks are made those of one that is. */
function buryLocks(home: string): void {
  const own = ownIdentity()
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/lock(\.break)?$/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    if (lockHolder(path)?.pid === own.pid) writeFileSync(path, JSON.stringify({ ...own, start: 'before' }))
  }
}

/** A store with one of each damage that a repair mends; gives the sums of what must never be lost. */
async function damagedStore(home: string): Promise<string[]> {
  mkdirSync(home)
  const lab = openLab(home)
  const id = await lab.add(1)
  const files = lab.store.files(id)
  const { config } = lab.store.read(id).identity
  for (const step of [10, 20])
    saveCheckpoint(files.checkpoints, {
      ...{ step, epoch: step / 10, score: 0, best: false, config },
      files: new Map([['weights', [Buffer.from(`weights ${step}`)]]]),
    })
  const spoilt = join(files.checkpoints, '2-20', 'weights')
  writeFileSync(spoilt, 'weights 21')
  const events = openEventWriter(files.events)
  events.add({ kind: 'metrics', segment: 1, at: 1, step: 10, epoch: 1, images: 10, values: { loss: 1 } })
  events.close()
  appendFileSync(files.events, TORN)
  const leftover = join(files.folder, 'run.json.1.tmp')
  writeFileSync(leftover, 'half')
  utimesSync(leftover, LONG_AGO, LONG_AGO)
  writeFileSync(files.notes, 'garbled')
  writeFileSync(files.lock, JSON.stringify({ ...ownIdentity(), start: 'before' }))
  writeFileSync(lab.store.layout.queue, '{"format": 1, "wai')
  const kept = [files.record, spoilt, leftover, files.notes, lab.store.layout.queue].map((path) =>
    sumOf(readFileSync(path)),
  )
  lab.store.close()
  return [...kept, sumOf(TORN)]
}

const sumOf = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

const contents = (home: string): ReadonlySet<string> =>
  new Set(
    readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => sumOf(readFileSync(join(entry.parentPath, entry.name)))),
  )
