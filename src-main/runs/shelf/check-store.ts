import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { z } from 'zod'
import type { HomeLayout } from '../../disk/home-layout.ts'
import { lockHolder } from '../../disk/file-lock.ts'
import { isAlive } from '../../disk/process-identity.ts'
import { readJson } from '../../disk/read-json.ts'
import { runIds } from '../../store/files/run-id.ts'
import { indexFault } from '../../store/list/index-file.ts'
import { hasLiveWorker } from '../../store/liveness.ts'
import type { RunStore } from '../../store/run-store.ts'
import { checkRun, leftoversIn, messageOf } from './check-run.ts'
import type { Mend, StoreCheck, StoreFinding } from './store-finding.ts'
import { finding } from './store-finding.ts'

/**
 * Looks at every file that the app keeps and says what is wrong; changes nothing. What is wrong with one run hides no other.
 * `progress` hears how many of the runs were looked at.
 */
export function checkStore(
  { layout, now }: Pick<RunStore, 'layout' | 'now'>,
  progress: (done: number, all: number) => void = () => undefined,
): StoreCheck {
  const inside = inHome(layout)
  const findings: StoreFinding[] = []
  const atWork: string[] = []
  const ids = existsSync(layout.runs) ? runIds(layout.runs) : []
  ids.forEach((id, done) => {
    progress(done, ids.length)
    const folder = join(layout.runs, id)
    try {
      if (hasLiveWorker(folder, now())) atWork.push(id)
      else findings.push(...checkRun(folder, inside, now()))
    } catch (error) {
      const lost = 'Nothing is known of it, as long as it cannot be read.'
      findings.push(finding({ path: inside(folder), run: id, problem: messageOf(error), lost }))
    }
  })
  findings.push(...checkTrash(layout, now()))
  findings.push(...checkHome(layout, new Set(ids), now()))
  return { home: layout.home, runs: ids.length, atWork, findings }
}

/** Runs in the trash may be brought back: what is wrong with them is said, and left for then. */
function checkTrash(layout: HomeLayout, now: number): StoreFinding[] {
  return filesIn(layout.trash).flatMap((folder) => {
    const [, id] = /^([0-9a-f]{64})-\d+$/.exec(basename(folder)) ?? []
    if (id === undefined) return []
    const aside = (found: Pick<StoreFinding, 'path' | 'problem' | 'lost'>): StoreFinding =>
      finding({ ...found, run: null })
    try {
      return checkRun(folder, inHome(layout), now, id).map(aside)
    } catch (error) {
      const lost = 'It cannot be brought back, as long as it cannot be read.'
      return [aside({ path: inHome(layout)(folder), problem: messageOf(error), lost })]
    }
  })
}

function checkHome(layout: HomeLayout, ids: ReadonlySet<string>, now: number): StoreFinding[] {
  const out: StoreFinding[] = []
  const inside = inHome(layout)
  const say = (path: string, problem: string, lost: string, mend: Mend | null = null): void =>
    void out.push(finding({ path: inside(path), run: null, problem, lost }, mend))
  const { queue, settings, families, datasets, plugins, indexFile } = layout
  for (const path of [queue, settings, layout.interface, ...[families, datasets, plugins].flatMap(recordsIn)])
    try {
      readJson(path, z.unknown())
    } catch (error) {
      // Waiting runs are found by their own records.
      if (path === queue) say(path, messageOf(error), 'The order of the queue.', { kind: 'move' })
      else say(path, messageOf(error), 'What it says.')
    }
  const fault = indexFault(indexFile, ids)
  if (fault !== null) say(indexFile, fault, 'Nothing: it is built anew from the folders.', { kind: 'move' })
  for (const folder of [layout.home, layout.runs, families, datasets, layout.images, plugins, layout.index])
    for (const path of leftoversIn(folder, now))
      say(path, 'it was being written when its process ended.', 'Nothing.', { kind: 'move' })
  for (const path of [layout.supervisorLock, `${queue}.lock`, ...filesIn(layout.claims)]) {
    const holder = lockHolder(path)
    if (holder !== null && isAlive(holder) === false)
      say(path, 'its process is gone.', 'Nothing.', { kind: 'unlock' })
  }
  return out
}

/** Paths as a finding names them. */
export const inHome =
  ({ home }: HomeLayout) =>
  (path: string): string =>
    relative(home, path).replaceAll('\\', '/')

/** Whether a file of JSON is there and cannot be read. */
export function isDamaged(path: string): boolean {
  try {
    readJson(path, z.unknown())
    return false
  } catch {
    return true
  }
}

const filesIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []

/** Records that lie in a folder, or in the folders in it. */
const recordsIn = (folder: string): string[] =>
  filesIn(folder)
    .filter((path) => basename(path) !== 'trash')
    .flatMap((path) => (isFolder(path) ? filesIn(path) : [path]))
    .filter((path) => path.endsWith('.json'))

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
