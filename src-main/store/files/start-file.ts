import { rmSync } from 'node:fs'
import { z } from 'zod'
import type { Disk } from '../../disk/disk.ts'
import { readJson } from '../../disk/read-json.ts'
import { runLayout } from './layout.ts'

const startTries = z.object({
  /** Segment of the run before the start: a worker that takes the run counts it up, so that the file says nothing any more. */
  segment: z.number(),
  /** Workers that were started and have not taken the run. */
  workers: z.number(),
  /** Starts in a row that were refused before there was a worker, why the last one was, and when. */
  refusals: z.number(),
  reason: z.string(),
  at: z.number(),
})
/** Starts of a waiting run that came to nothing. */
export type StartTries = z.infer<typeof startTries>

/** null where there were none, or nothing that can be read: the run is then started as if for the first time. */
export function readTries(folder: string, segment: number): StartTries | null {
  try {
    const found = readJson(runLayout(folder).starts, startTries)
    return found?.segment === segment ? found : null
  } catch {
    return null
  }
}

export const writeTries = (disk: Disk, folder: string, tries: StartTries): Promise<void> =>
  disk.writeFile(runLayout(folder).starts, `${JSON.stringify(tries, null, 1)}\n`)

export const clearTries = (folder: string): void => rmSync(runLayout(folder).starts, { force: true })
