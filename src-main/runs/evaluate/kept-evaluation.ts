import { existsSync } from 'node:fs'
import type { Evaluation } from '../../../src-shared/contract/evaluation.ts'
import type { NamedArrays } from '../../engine/types.ts'
import { writeSafetensors } from '../../io/formats/tensors/safetensors.ts'
import {
  evaluationArrays,
  evaluationFolder,
  readEvaluation,
  writeEvaluation,
} from '../../store/files/evaluation-files.ts'
import type { RunStore } from '../../store/run-store.ts'

/** Raised when measures are added or change. */
export const EVALUATION_VERSION = 1

/** An evaluation beside a run that is whole and of this version; null where it has to be made. */
export function keptEvaluation(store: RunStore, id: string, key: string): Evaluation | null {
  const { folder } = store.files(id)
  const known = readEvaluation(folder, key)
  return known?.version === EVALUATION_VERSION && existsSync(evaluationArrays(folder, key)) ? known : null
}

/** Keeps an evaluation and its arrays beside a run. */
export async function keepEvaluation(
  store: RunStore,
  id: string,
  made: Evaluation,
  arrays: NamedArrays,
): Promise<void> {
  const { folder } = store.files(id)
  evaluationFolder(folder)
  await writeSafetensors(evaluationArrays(folder, made.key), arrays, { run: id })
  await writeEvaluation(store.disk, folder, made)
}
