import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { toProblems } from '../../../src-shared/contract/errors.ts'
import { counted } from '../../../src-shared/util/counted.ts'
import { lockHolder } from '../../disk/file-lock.ts'
import { isAlive } from '../../disk/process-identity.ts'
import { readJson } from '../../disk/read-json.ts'
import { readSafetensors } from '../../io/formats/tensors/safetensors.ts'
import { checkedCheckpoints } from '../../store/files/checkpoint-folder.ts'
import { finalFileState } from '../../store/files/kept-files.ts'
import { runLayout } from '../../store/files/layout.ts'
import { readRecord } from '../../store/files/run-folder.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import { eachEvent } from '../../store/history/event-reader.ts'
import type { Mend, StoreFinding } from './store-finding.ts'
import { finding, LEFTOVER_MS } from './store-finding.ts'

const NOTHING = 'Nothing.'
/** Small files that come and go with a worker; what cannot be read counts as absent. */
const PASSING = new Set(['live.json', 'stop.json', 'exit.json', 'device.json', 'starts.json'])

/** Says one thing of a file of the run; `path` is absolute. */
type Say = (path: string, problem: string, lost: string, mend?: Mend) => void

/** Everything that is wrong in the folder of a run that no process works on. Reads all its files, changes none. */
export function checkRun(
  folder: string,
  relative: (path: string) => string,
  now: number,
  run = basename(folder),
): StoreFinding[] {
  const out: StoreFinding[] = []
  const say: Say = (path, problem, lost, mend) =>
    out.push(finding({ path: relative(path), run, problem, lost }, mend))
  checkLock(folder, say)
  const before = out.length
  const record = recordOrReason(folder, run, say)
  checkEvents(folder, record, say)
  checkCheckpoints(folder, say)
  checkSmallFiles(folder, say)
  checkArrays(folder, record, say)
  checkLeftovers(folder, now, say)
  // A later version may have written all of it.
  return record === null
    ? [...out.slice(0, before), ...out.slice(before).map((found) => finding(found))]
    : out
}

/** What went wrong in words, without the path, which the finding names. */
export const messageOf = (error: unknown): string => toProblems(error)[0]?.message ?? 'it cannot be read.'

function recordOrReason(folder: string, run: string, say: Say): RunRecord | null {
  const path = runLayout(folder).record
  try {
    const record = readRecord(folder)
    if (record.id !== run)
      say(
        path,
        `it is the record of run ${record.id.slice(0, 10)}.`,
        'Nothing, but the run is in a folder of another name.',
      )
    return record
  } catch (error) {
    const lost =
      'How the run stands and its settings, unless a copy is put there; its other files are not touched.'
    say(path, messageOf(error), lost)
    return null
  }
}

function checkLock(folder: string, say: Say): void {
  const { lock } = runLayout(folder)
  if (!existsSync(lock)) return
  const holder = lockHolder(lock)
  if (holder !== null && isAlive(holder) === null) {
    const problem = `it is held by process ${holder.pid} on ${holder.host}, which gives no sign of life.`
    say(
      lock,
      problem,
      'Nothing, but the run is not taken up here: delete the lock when that process is gone for certain.',
    )
  } else if (holder === null || isAlive(holder) === false)
    say(lock, 'its process is gone.', NOTHING, { kind: 'unlock' })
}

function checkEvents(folder: string, record: RunRecord | null, say: Say): void {
  const { events } = runLayout(folder)
  if (!existsSync(events)) {
    if (record !== null && record.step > 0 && record.origin === undefined)
      say(events, 'it is missing.', 'The curves of the run.')
    return
  }
  try {
    const { bad, torn, next } = eachEvent(events, 0, () => undefined)
    if (bad > 0)
      say(
        events,
        `${counted(bad, 'line')} cannot be read.`,
        'The numbers of these lines; all others are shown.',
      )
    if (torn) say(events, 'its last line is torn.', 'The numbers of that line.', { kind: 'cut', from: next })
  } catch (error) {
    say(events, messageOf(error), 'The curves of the run, as long as it cannot be read.')
  }
}

function checkCheckpoints(folder: string, say: Say): void {
  const all = checkedCheckpoints(runLayout(folder).checkpoints)
  const whole = all.find(({ fault }) => fault === null)
  const rest =
    whole === undefined
      ? 'This checkpoint; no whole one is left, so the run would begin anew.'
      : `This checkpoint; the newest whole one is of step ${whole.step}.`
  for (const { place, fault, later } of all) {
    if (fault === null) continue
    if (later) say(place, 'it was written by a later version.', 'Nothing: update the app to use it.')
    else say(place, fault, rest, { kind: 'move' })
  }
}

function checkSmallFiles(folder: string, say: Say): void {
  const { record, notes, checkpoints } = runLayout(folder)
  for (const path of filesBelow(folder, '.json')) {
    if (path === record || path.startsWith(checkpoints)) continue
    try {
      readJson(path, z.unknown())
    } catch (error) {
      const passes = PASSING.has(basename(path))
      const lost = passes ? NOTHING : 'What it says.'
      // The next change would overwrite notes that cannot be read.
      if (passes || path === notes) say(path, messageOf(error), lost, { kind: 'move' })
      else say(path, messageOf(error), lost)
    }
  }
}

function checkArrays(folder: string, record: RunRecord | null, say: Say): void {
  const { weights, result, arrays, checkpoints } = runLayout(folder)
  const lost = 'What it holds; evaluate the run again, or resume a copy from a checkpoint.'
  if (record?.status === 'finished')
    for (const path of record.origin === undefined ? [result, weights, arrays] : [result, weights])
      if (!existsSync(path)) say(path, 'it is missing.', lost)
  for (const path of filesBelow(folder, '.safetensors')) {
    if (path.startsWith(checkpoints)) continue
    try {
      readSafetensors(path)
      // Files beside these may be called the same.
      const isFinal = path === weights || path === arrays
      if (isFinal && finalFileState(folder, path) === 'changed')
        say(path, 'it does not have the content that was written when the run finished.', lost)
    } catch (error) {
      say(path, messageOf(error), lost)
    }
  }
}

function checkLeftovers(folder: string, now: number, say: Say): void {
  const { checkpoints } = runLayout(folder)
  for (const place of [
    folder,
    checkpoints,
    join(folder, 'model'),
    join(folder, 'scores'),
    join(folder, 'analyses'),
  ])
    for (const path of leftoversIn(place, now))
      say(path, 'it was being written when its process ended.', NOTHING, { kind: 'move' })
}

/** Temporary files and folders whose writer is gone by their age. */
export function leftoversIn(folder: string, now: number): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tmp') || name.startsWith('.new-') || name.startsWith('.probe-'))
    .map((name) => join(folder, name))
    .filter((path) => now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) > LEFTOVER_MS)
}

const filesBelow = (folder: string, ending: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
