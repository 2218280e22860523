import type { Rank } from '@tensorflow/tfjs-core'
import { memory, zeros } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { groupsOf } from '../../../../../../src-main/engine/train/epoch/batch-groups.ts'
import type { CycleStep } from '../../../../../../src-main/engine/train/cyclers/source.ts'
import type { Batch } from '../../../../../../src-main/engine/types.ts'
import { useBackend } from '../../../../../support/backend.ts'

beforeAll(() => useBackend())

/** Batches of images [1, side, side, 1]; upper case: an update follows. */
async function* batches(word: string, side = 2): AsyncGenerator<CycleStep<Batch>> {
  for (const letter of word) {
    const batch = {
      inputs: zeros<Rank.R4>([1, side, side, 1]),
      targets: zeros<Rank.R1>([1]),
      index: new Int32Array(1),
    }
    yield await Promise.resolve({ task: letter, session: 's', batch, step: letter !== letter.toLowerCase() })
  }
}

const free = ({ batch }: CycleStep<Batch>): void =>
  [batch.inputs, batch.targets].forEach((one) => one.dispose())

async function grouped(
  word: string,
  o: { from?: number; isAlone?: boolean; side?: number },
): Promise<string[]> {
  const groups: string[] = []
  for await (const group of groupsOf(batches(word, o.side), {
    from: o.from ?? 0,
    isAlone: o.isAlone ?? false,
  })) {
    groups.push(group.map(({ task, index }) => `${task}${index}`).join(' '))
    group.forEach(free)
  }
  return groups
}

describe('batches', () => {
  it.each([
    ['are grouped by update', 'aBcD', {}, ['a0 B1', 'c2 D3']],
    ['are at most four', 'abcdeF', {}, ['a0 b1 c2 d3', 'e4 F5']],
    ['come to an end without an update', 'aBcd', {}, ['a0 B1', 'c2 d3']],
    ['go on where they were left', 'aBcD', { from: 2 }, ['c2 D3']],
    ['are alone where hooks see each', 'aBcD', { isAlone: true }, ['a0', 'B1', 'c2', 'D3']],
    ['are alone where they are large', 'abC', { side: 1024 }, ['a0', 'b1', 'C2']],
  ])('%s', async (_, word, options, expected) => {
    expect(await grouped(word, options)).toEqual(expected)
  })

  it('are freed by whoever took them, and here where nobody did', async () => {
    const before = memory().numTensors
    await grouped('aBcd', { from: 1 })
    for await (const group of groupsOf(batches('aBcD'), { from: 0, isAlone: false })) {
      group.forEach(free)
      break
    }
    const failing = async function* (): AsyncGenerator<CycleStep<Batch>> {
      yield* batches('a')
      throw new Error('the file is gone')
    }
    await expect(groupsOf(failing(), { from: 0, isAlone: false }).next()).rejects.toThrow('the file is gone')
    expect(memory().numTensors).toBe(before)
  })
})
