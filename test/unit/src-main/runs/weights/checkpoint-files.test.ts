import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkpointFiles, readCheckpoint } from '../../../../../src-main/runs/weights/checkpoint-files.ts'
import { divergedProblem, endOf } from '../../../../../src-main/runs/work/run-end.ts'
import type { Checkpoint } from '../../../../../src-main/engine/types.ts'
import { fc } from '../../../../support/property.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
let count = 0

function keptAndRead(checkpoint: Checkpoint): Checkpoint {
  const folder = join(root, String(count++))
  mkdirSync(folder)
  for (const [name, parts] of checkpointFiles(checkpoint))
    writeFileSync(join(folder, name), Buffer.concat(parts))
  return readCheckpoint(folder)
}

it('gives back every number of a state, also those that JSON does not know', () => {
  const number = fc.double().map((value) => value + 0) // JSON knows one zero
  const state = fc.dictionary(
    fc.string().filter((key) => key !== '__proto__' && key !== '$number'),
    fc.oneof(number, fc.array(number), fc.string()),
  )
  fc.assert(
    fc.property(state, (given) => {
      const plain = { ...given }
      expect(keptAndRead({ arrays: new Map(), state: plain }).state).toEqual(plain)
    }),
    { numRuns: 50 },
  )
  const unusual = { best: -Infinity, nested: { loss: [NaN, Infinity, 1e-300] }, none: null }
  expect(keptAndRead({ arrays: new Map(), state: unusual }).state).toEqual(unusual)
})

it('gives back tensors bit for bit', () => {
  const data = Float32Array.of(NaN, -0, Infinity, 1e-45, 3.4e38)
  const { arrays } = keptAndRead({
    arrays: new Map([['läyer/kernel', { shape: [5], dtype: 'float32', data }]]),
    state: {},
  })
  const found = arrays.get('läyer/kernel')
  expect(found?.shape).toEqual([5])
  expect(Array.from(found?.data ?? [])).toEqual([...data])
})

it('stores why a training ended in the words of the contract', () => {
  const base = { scoredEpoch: 3, divergence: null, untrained: [] }
  const reasons = (['rounds', 'epochs', 'non-finite', 'asked'] as const).map(
    (reason) => endOf({ ...base, reason }, 7).reason,
  )
  expect(reasons).toEqual(['early-stopping', 'all-epochs', 'not-finite', 'asked-to-stop'])
  const end = endOf({ ...base, reason: 'non-finite' as const }, 7)
  expect(end).toMatchObject({ epoch: 7, scoredEpoch: 3, divergence: null })
  const problem = divergedProblem('0123456789abcdef', end)
  expect(problem.code).toBe('non-finite')
  expect(problem.hint).toContain('`cotrain show 0123456789`')
})
