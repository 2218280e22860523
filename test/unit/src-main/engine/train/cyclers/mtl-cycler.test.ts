import { describe, expect, it } from 'vitest'
import {
  mtlCycle,
  mtlCycleLength,
  type MtlCyclerOptions,
} from '../../../../../../src-main/engine/train/cyclers/mtl-cycler.ts'
import type { BatchSource, TaskSources } from '../../../../../../src-main/engine/train/cyclers/source.ts'

const list = (name: string, batches: number): BatchSource<string> => ({
  key: name,
  batches,
  open: () => Array.from({ length: batches }, (_, i) => `${name}${i}`),
})

const group = (...sources: BatchSource<string>[]) => new Map(sources.map((source) => [source.key, source]))

/** Two V1 sessions, one V4 session, four image batches. */
const tasks: TaskSources<string> = new Map([
  ['v1', group(list('A', 9), list('B', 9))],
  ['v4', group(list('C', 9))],
  ['img_classification', group(list('I', 4))],
])

async function order(sources: TaskSources<string>, options: Partial<MtlCyclerOptions>): Promise<string> {
  const names: string[] = []
  for await (const { batch, step } of mtlCycle(sources, {
    mainTask: 'img_classification',
    ratio: 1,
    ...options,
  })) {
    names.push(step ? `${batch}*` : batch)
  }
  return names.join(' ')
}

describe('mtlCycle', () => {
  it('takes one batch of every set before each classification batch, sessions in turn', async () => {
    expect(await order(tasks, { ratio: 1 })).toBe('A0 C0 I0* B0 C1 I1* A1 C2 I2* B1 C3 I3*')
  })

  it('takes two of each at ratio 2 and none at ratio 0', async () => {
    expect(await order(tasks, { ratio: 2 })).toBe(
      'A0 B0 C0 C1 I0* A1 B1 C2 C3 I1* A2 B2 C4 C5 I2* A3 B3 C6 C7 I3*',
    )
    expect(await order(tasks, { ratio: 0 })).toBe('I0* I1* I2* I3*')
  })

  it('takes neural batches before every second classification batch at ratio 0.5', async () => {
    expect(await order(tasks, { ratio: 0.5 })).toBe('I0* A0 C0 I1* I2* B0 C1 I3*')
  })

  it('spreads 1.5 as one, two, one, two', async () => {
    const v1 = new Map([...tasks].filter(([task]) => task !== 'v4'))
    expect(await order(v1, { ratio: 1.5 })).toBe('A0 I0* B0 A1 I1* B1 I2* A2 B2 I3*')
  })

  it('yields no neural batch at 0.3 under the published rule, and three in ten under ours', async () => {
    const ten = new Map([
      ['v1', group(list('A', 9))],
      ['img_classification', group(list('I', 10))],
    ])
    expect(await order(ten, { ratio: 0.3, rule: 'published' })).not.toContain('A')
    expect((await order(ten, { ratio: 0.3 })).match(/A\d/g)).toHaveLength(3)
  })

  it('restarts exhausted sessions with a new pass', async () => {
    const passes: number[] = []
    const short: BatchSource<string> = {
      key: 'A',
      batches: 1,
      open: (pass) => {
        passes.push(pass)
        return [`A${pass}`]
      },
    }
    const sources = new Map([
      ['v1', group(short)],
      ['img_classification', group(list('I', 3))],
    ])
    expect(await order(sources, {})).toBe('A0 I0* A1 I1* A2 I2*')
    expect(passes).toEqual([0, 1, 2])
  })

  it('closes the passes under way when the consumer stops early', async () => {
    let closed = 0
    const source: BatchSource<number> = {
      key: 'I',
      batches: 5,
      open: async function* () {
        try {
          for (let i = 0; ; i++) yield i
        } finally {
          closed++
        }
      },
    }
    const sources = new Map([['img_classification', new Map([['I', source]])]])
    for await (const { batch } of mtlCycle(sources, { mainTask: 'img_classification', ratio: 1 })) {
      if (batch === 1) break
    }
    expect(closed).toBe(1)
  })

  it('names the loader that yields nothing', async () => {
    const sources = new Map([['img_classification', group({ key: 'I', batches: 2, open: () => [] })]])
    await expect(order(sources, {})).rejects.toThrow('The loader of I yields no batch')
  })

  it('names the tasks there are when the main task is missing', async () => {
    const sources = new Map([['v1', group(list('A', 1))]])
    await expect(order(sources, {})).rejects.toThrow(
      'no training batches of img_classification; the data set has v1',
    )
  })
})

describe('mtlCycleLength', () => {
  it('gives the real and the reported length, which differ when a fraction is cut', () => {
    const five = new Map([...tasks, ['img_classification', group(list('I', 5))]] as const)
    const options = { mainTask: 'img_classification', ratio: 0.5 }
    expect(mtlCycleLength(five, options)).toEqual({ actual: 9, reported: 10 })
  })
})
