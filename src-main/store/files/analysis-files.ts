import { readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Analysis } from '../../../src-shared/contract/analysis.ts'
import { analysis } from '../../../src-shared/contract/analysis.ts'
import { makeDurableFolder } from '../../disk/flush-folder.ts'
import { readJson } from '../../disk/read-json.ts'
import type { Disk } from '../../disk/disk.ts'
import { runLayout } from './layout.ts'

const describing = (folder: string, key: string): string => join(runLayout(folder).analyses, `${key}.json`)

/** Images and curves of an analysis, beside what describes it. */
export const analysisArrays = (folder: string, key: string): string =>
  join(runLayout(folder).analyses, `${key}.safetensors`)

/** Analyses of a run, newest first; a damaged file counts as absent and can be made again. */
export function readAnalyses(folder: string): Analysis[] {
  return keysIn(runLayout(folder).analyses)
    .flatMap((key) => readAnalysis(folder, key) ?? [])
    .sort((a, b) => b.at - a.at || (a.key < b.key ? -1 : 1))
}

export function readAnalysis(folder: string, key: string): Analysis | null {
  if (!KEY.test(key)) return null
  try {
    return readJson(describing(folder, key), analysis)
  } catch {
    return null
  }
}

/** Its arrays must be there first: this makes it known. */
export async function writeAnalysis(disk: Disk, folder: string, made: Analysis): Promise<void> {
  makeDurableFolder(runLayout(folder).analyses)
  await disk.writeFile(describing(folder, made.key), `${JSON.stringify(made, null, 1)}\n`)
}

/** Takes what makes it known first. */
export async function deleteAnalysis(folder: string, key: string): Promise<void> {
  if (!KEY.test(key)) return
  await rm(describing(folder, key), { force: true })
  await rm(analysisArrays(folder, key), { force: true })
}

const KEY = /^[0-9a-f]{16}$/

function keysIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((name) =>
      /^[0-9a-f]{16}\.json$/.test(name) ? [name.slice(0, 16)] : [],
    )
  } catch {
    return []
  }
}
