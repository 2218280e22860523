import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { Checkpoint, NamedArrays } from '../../engine/types.ts'
import { savedWeights } from '../../engine/train/state/run-checkpoint.ts'
import { encodeSafetensors, readSafetensors } from '../../io/formats/tensors/safetensors.ts'
import type { StoredCheckpoint } from '../../store/files/checkpoint-folder.ts'
import { readText } from '../../disk/read-json.ts'
import { checkpointFault } from '../../store/files/checkpoint-folder.ts'

const ARRAYS = 'arrays.safetensors'
const STATE = 'state.json'

/** Infinities and NaN (a best score before the first evaluation) must survive JSON. */
const NOT_FINITE = '$number'

/** The files of a checkpoint: tensors as safetensors, the rest as JSON. */
export function checkpointFiles({ arrays, state }: Checkpoint): ReadonlyMap<string, readonly Uint8Array[]> {
  const text = JSON.stringify(state, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? { [NOT_FINITE]: String(value) } : value,
  )
  return new Map([
    [ARRAYS, encodeSafetensors(arrays)],
    [STATE, [Buffer.from(text)]],
  ])
}

/** Reads what {@link checkpointFiles} made, number for number. */
export function readCheckpoint(folder: string): Checkpoint {
  const text = readText(join(folder, STATE)) ?? ''
  const state = JSON.parse(text, (_key, value: unknown) => {
    const marked =
      value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[NOT_FINITE] : undefined
    return typeof marked === 'string' ? Number(marked) : value
  }) as Record<string, unknown>
  return { arrays: readSafetensors(join(folder, ARRAYS)).arrays, state }
}

/** The weights of the network at a checkpoint. @throws CotrainError `file-invalid` where its files are not as they were written */
export function keptWeights(checkpoint: StoredCheckpoint): NamedArrays {
  const fault = checkpointFault(checkpoint)
  if (fault !== null)
    throw new CotrainError({ code: 'file-invalid', path: checkpoint.folder, message: fault })
  return savedWeights(readSafetensors(join(checkpoint.folder, ARRAYS)).arrays)
}
