import { CotrainError } from '../../src-shared/contract/errors.ts'
import { createRng } from '../../src-shared/util/rng.ts'
import { mutate } from './mutations.ts'

/** Recorded: with reader name and number it reproduces any input. */
const FUZZ_SEED = 20240517
/** Inputs per reader. */
export const FUZZ_COUNT = 2000
/** Longer than any small file may take; a guard against hangs, not a measure of speed. */
export const HANG_MS = 10_000

export interface FuzzOutcome {
  readonly results: number
  readonly errors: number
  /** Anything else, with the number of the input that caused it. */
  readonly failures: readonly string[]
}

/** Damaged input number `i` of a reader, made from its samples in turn. */
function fuzzInput(reader: string, samples: readonly Uint8Array[], i: number): Uint8Array {
  return mutate(samples[i % samples.length] ?? new Uint8Array(0), createRng(FUZZ_SEED).fork(reader).fork(i))
}

/** Runs a reader on damaged inputs `from` .. `to`: each must give a result or one CotrainError, in time. */
export async function fuzz(
  reader: string,
  samples: readonly Uint8Array[],
  read: (bytes: Uint8Array) => unknown,
  [from, to]: readonly [number, number] = [0, FUZZ_COUNT],
): Promise<FuzzOutcome> {
  let [results, errors] = [0, 0]
  const failures: string[] = []
  for (let i = from; i < to; i++) {
    const bytes = fuzzInput(reader, samples, i)
    const start = Date.now()
    try {
      await read(bytes)
      results++
    } catch (error) {
      if (error instanceof CotrainError && error.problems.length > 0) errors++
      else failures.push(`${reader} input ${i}: ${String(error)}`)
    }
    if (Date.now() - start > HANG_MS) failures.push(`${reader} input ${i}: took longer than ${HANG_MS} ms`)
  }
  return { results, errors, failures }
}
