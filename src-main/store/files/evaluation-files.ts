import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Evaluation } from '../../../src-shared/contract/evaluation.ts'
import { evaluation } from '../../../src-shared/contract/evaluation.ts'
import type { Disk } from '../../disk/disk.ts'
import { makeDurableFolder } from '../../disk/flush-folder.ts'
import { runLayout } from './layout.ts'
import { readJson } from '../../disk/read-json.ts'

/** Arrays of an evaluation, beside its scores. */
export const evaluationArrays = (folder: string, key: string): string =>
  join(runLayout(folder).scores, `${key}.safetensors`)

/** What was scored after training, newest first; a damaged file counts as absent and can be made again. */
export function readEvaluations(folder: string): Evaluation[] {
  return namesIn(runLayout(folder).scores)
    .flatMap((name) => readEvaluation(folder, name.slice(0, -'.json'.length)) ?? [])
    .sort((a, b) => b.at - a.at || (a.key < b.key ? -1 : 1))
}

export function readEvaluation(folder: string, key: string): Evaluation | null {
  try {
    return readJson(join(runLayout(folder).scores, `${key}.json`), evaluation)
  } catch {
    return null
  }
}

/** Its arrays must be there first: the scores make it known. */
export async function writeEvaluation(disk: Disk, folder: string, made: Evaluation): Promise<void> {
  await disk.writeFile(
    join(evaluationFolder(folder), `${made.key}.json`),
    `${JSON.stringify(made, null, 1)}\n`,
  )
}

/** The folder of evaluations, made where it is missing. */
export function evaluationFolder(folder: string): string {
  const { scores } = runLayout(folder)
  makeDurableFolder(scores)
  return scores
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  try {
    return readdirSync(folder).filter((name) => /^[0-9a-f]{16}\.json$/.test(name))
  } catch {
    return []
  }
}
