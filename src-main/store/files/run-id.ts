import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'

/** Ids are file names: nothing else may become one. */
export const isRunId = (name: string): boolean => /^[0-9a-f]{10,64}$/.test(name)

/** Letters of a whole id, a SHA-256. */
const FULL_ID = 64

/** Ids of the runs in a folder of runs. */
export const runIds = (runs: string): string[] => readdirSync(runs).filter(isRunId)

/** The whole id of the one run that begins with this. @throws CotrainError `run-missing` where there is none, or several. */
export function resolveRunId(runs: string, prefix: string): string {
  const wanted = prefix.toLowerCase()
  const wrong = (message: string, hint: string): CotrainError =>
    new CotrainError({ code: 'run-missing', path: prefix, message, hint })
  if (!/^[0-9a-f]{4,64}$/.test(wanted))
    throw wrong('this is not a run id.', 'Use at least the first four letters of an id of `cotrain runs`.')
  // Views name runs in full, fifty at a time: a folder of thousands is not read for each.
  if (wanted.length === FULL_ID && existsSync(join(runs, wanted))) return wanted
  const found = (existsSync(runs) ? runIds(runs) : []).filter((id) => id.startsWith(wanted))
  if (found.length === 0) throw wrong('no run has this id.', 'See `cotrain runs`.')
  if (found.length > 1) throw wrong(`${found.length} runs begin with this.`, 'Give more letters of the id.')
  return found[0]!
}
