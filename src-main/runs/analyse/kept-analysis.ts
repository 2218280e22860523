import { existsSync, mkdirSync } from 'node:fs'
import type { Analysis } from '../../../src-shared/contract/analysis.ts'
import { runLayout } from '../../store/files/layout.ts'
import type { NamedArrays } from '../../engine/types.ts'
import { writeSafetensors } from '../../io/formats/tensors/safetensors.ts'
import {
  analysisArrays,
  deleteAnalysis,
  readAnalysis,
  writeAnalysis,
} from '../../store/files/analysis-files.ts'
import type { RunStore } from '../../store/run-store.ts'

/** Raised when an analysis computes something else. */
export const ANALYSIS_VERSION = 1

/** An analysis beside a run that is whole and of this version; null where it has to be made. */
export function keptAnalysis(store: RunStore, id: string, key: string): Analysis | null {
  const { folder } = store.files(id)
  const known = readAnalysis(folder, key)
  return known?.version === ANALYSIS_VERSION && existsSync(analysisArrays(folder, key)) ? known : null
}

/** Keeps an analysis and its arrays beside a run; what describes it comes last. */
export async function keepAnalysis(
  store: RunStore,
  id: string,
  made: Analysis,
  arrays: NamedArrays,
): Promise<void> {
  const { folder } = store.files(id)
  mkdirSync(runLayout(folder).analyses, { recursive: true })
  await writeSafetensors(analysisArrays(folder, made.key), arrays, { run: id })
  await writeAnalysis(store.disk, folder, made)
}

/** Removes an analysis for good: it can be made again. */
export async function removeAnalysis(store: RunStore, id: string, key: string): Promise<void> {
  store.checkWritable()
  await deleteAnalysis(store.files(id).folder, key)
}
