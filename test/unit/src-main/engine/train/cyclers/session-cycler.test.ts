import { describe, expect, it } from 'vitest'
import { buildCycler } from '../../../../../../src-main/engine/train/cyclers/build-cycler.ts'
import type { BatchSource, TaskSources } from '../../../../../../src-main/engine/train/cyclers/source.ts'

const list = (name: string, batches: number): [string, BatchSource<string>] => [
  name,
  { key: name, batches, open: () => Array.from({ length: batches }, (_, i) => `${name}${i}`) },
]

const tasks: TaskSources<string> = new Map([
  ['v1', new Map([list('a', 1), list('b', 3)])],
  ['v4', new Map([list('c', 3)])],
])

async function order(cycler: string, args: { grad_accum_step?: number }): Promise<string> {
  const names: string[] = []
  for await (const { batch, step } of buildCycler(cycler, args).epoch(tasks, 1))
    names.push(step ? `${batch}*` : batch)
  return names.join(' ')
}

describe('session cyclers', () => {
  it('goes on until the longest session is through and steps once per round', async () => {
    expect(await order('LongCycler', { grad_accum_step: 0 })).toBe('a0 b0* a0 b1* a0 b2*')
  })

  it('ends with the shortest session', async () => {
    expect(await order('ShortCycler', {})).toBe('a0 b0*')
  })

  it('steps every n batches and leaves the rest without a step', async () => {
    expect(await order('LongCycler', { grad_accum_step: 4 })).toBe('a0 b0 a0 b1* a0 b2')
  })

  it('goes through the sessions of the first task only', () => {
    expect(buildCycler('LongCycler').length(tasks, 1)).toEqual({ actual: 6, reported: 6 })
  })

  it('refuses unknown cyclers and impossible accumulation', async () => {
    expect(() => buildCycler('RandomCycler')).toThrow('Use one of MTL_Cycler, LongCycler, ShortCycler')
    await expect(order('LongCycler', { grad_accum_step: -1 })).rejects.toThrow(
      'expected a whole number of at least 0, got -1',
    )
  })
})
