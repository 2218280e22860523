import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { writeFileAtomic } from '../../disk/atomic-write.ts'
import type { Lock } from '../../disk/file-lock.ts'
import { lockHolder, tryLock, withLock } from '../../disk/file-lock.ts'
import { isAlive } from '../../disk/process-identity.ts'
import { flushFolder } from '../../disk/flush-folder.ts'
import type { HomeLayout } from '../../disk/home-layout.ts'
import { runLayout } from '../../store/files/layout.ts'
import type { RunStore } from '../../store/run-store.ts'
import { checkRun, messageOf } from './check-run.ts'
import { checkStore, inHome, isDamaged } from './check-store.ts'
import type { StoreFinding } from './store-finding.ts'

/** Longer than a half-broken lock is respected. */
const BROKEN_MS = 7_000
const LOOK_MS = 100

interface StoreRepair {
  readonly home: string
  /** Where lies what was taken out of its place; null when nothing was. */
  readonly aside: string | null
  readonly done: readonly StoreFinding[]
  /** What a person must decide, and what could not be done, with why. */
  readonly left: readonly (StoreFinding & { readonly why: string })[]
}

/**
 * Does what the findings of {@link checkStore} say can be done without a loss: damaged and left-over files go into a dated folder of the
 * home, a torn last line is copied there before the log ends without it, locks of processes that are gone are removed. Every
 * step is one rename or comes after its copy is on the disk, so that it may be killed anywhere and given again.
 * @throws CotrainError `run-locked` when a process works on a run: then nothing was changed.
 */
export async function repairStore(
  store: RunStore,
  progress?: (done: number, all: number) => void,
): Promise<StoreRepair> {
  const { layout } = store
  const { atWork, findings } = checkStore(store, progress)
  if (atWork.length > 0) throw busy(atWork[0]!)
  const aside = join(layout.setAside, new Date(store.now()).toISOString().replaceAll(':', '-'))
  const done: StoreFinding[] = []
  const left: (StoreFinding & { why: string })[] = []
  const repair = async (found: StoreFinding): Promise<void> => {
    if (found.mend === null) return void left.push({ ...found, why: 'a person must decide.' })
    try {
      await mend(layout, aside, found)
      done.push(found)
    } catch (error) {
      left.push({ ...found, why: messageOf(error) })
    }
  }
  // Taking the lock of a run is for those whose process is gone: they are removed first.
  for (const found of findings) if (found.run === null || found.mend?.kind === 'unlock') await repair(found)
  const rest = findings.filter(({ run, mend: how }) => run !== null && how?.kind !== 'unlock')
  for (const id of new Set(rest.flatMap(({ run }) => run ?? []))) {
    const known = rest.filter(({ run }) => run === id)
    const { folder, lock: path } = runLayout(store.files(id).folder)
    if (known.every((found) => found.mend === null)) {
      for (const found of known) await repair(found)
      continue
    }
    const lock = await lockOfGone(path)
    if (lock === null) {
      left.push(...known.map((found) => ({ ...found, why: 'a process works on this run now.' })))
      continue
    }
    try {
      // Looked at anew: a worker may have come and gone since.
      for (const found of checkRun(folder, inHome(layout), store.now())) await repair(found)
    } finally {
      lock.release()
    }
  }
  return { home: layout.home, aside: existsSync(aside) ? aside : null, done, left }
}

async function mend(layout: HomeLayout, aside: string, { path, mend: how }: StoreFinding): Promise<void> {
  const place = join(layout.home, path)
  if (how === null) return
  if (how.kind === 'unlock') {
    const lock = await lockOfGone(place)
    if (lock === null)
      throw new CotrainError({ code: 'run-locked', path, message: 'a process holds it now.' })
    return lock.release()
  }
  const kept = join(aside, path)
  mkdirSync(dirname(kept), { recursive: true })
  if (how.kind === 'cut') return cut(place, how.from, kept)
  if (place !== layout.queue) return move(place, kept)
  // An open app may have written a new one meanwhile.
  await withLock(`${place}.lock`, () => (isDamaged(place) ? move(place, kept) : undefined))
}

/**
 * Taking a lock breaks that of a process that is gone, and no other. Where that process was killed while it broke an earlier one itself,
 * the place is free a moment later. null: somebody holds it.
 */
async function lockOfGone(path: string): Promise<Lock | null> {
  for (const end = Date.now() + BROKEN_MS; ;) {
    const lock = tryLock(path)
    const holder = lock === null ? lockHolder(path) : null
    const isHeld = holder !== null && isAlive(holder) !== false
    if (lock !== null || isHeld || Date.now() > end) return lock
    await pause(LOOK_MS)
  }
}

function move(from: string, to: string): void {
  renameSync(from, to)
  flushFolder(dirname(to))
  flushFolder(dirname(from))
}

async function cut(path: string, from: number, kept: string): Promise<void> {
  await writeFileAtomic(kept, readFileSync(path).subarray(from))
  const fd = openSync(path, 'r+')
  try {
    ftruncateSync(fd, from)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

const busy = (id: string): CotrainError =>
  new CotrainError({
    code: 'run-locked',
    path: id.slice(0, 10),
    message: 'a process works on this run.',
    hint: 'Stop it or wait for its end, then repair.',
  })
