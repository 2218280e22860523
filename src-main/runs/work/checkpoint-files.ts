import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Checkpoint } from '../../engine/types.ts'
import { encodeSafetensors, readSafetensors } from '../../io/formats/tensors/safetensors.ts'

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
  const text = readFileSync(join(folder, STATE), 'utf8')
  const state = JSON.parse(text, (_key, value: unknown) => {
    const marked =
      value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[NOT_FINITE] : undefined
    return typeof marked === 'string' ? Number(marked) : value
  }) as Record<string, unknown>
  return { arrays: readSafetensors(join(folder, ARRAYS)).arrays, state }
}
