import { describe, expect, it } from 'vitest'
import { leavesOf } from '../../../../src-shared/schema/diff.ts'
import { smallerBatches } from '../../../../src-shared/schema/smaller-batches.ts'

const small = (trainer: unknown, dataset: unknown = { batch_size: 64 }) =>
  smallerBatches(leavesOf({ dataset: { config: dataset }, trainer })).map(({ changes }) =>
    changes.map(({ path, from, value }) => `${path.split('.').at(-1)} ${from} ${value}`).join(', '),
  )
const cotrainer = (batches: number, more: Record<string, unknown> = {}) => ({
  fn: 'cotrainer',
  config: {
    train_cycler: 'LongCycler',
    train_cycler_args: { grad_accum_step: batches },
    loss_functions: { v1: 'PoissonLoss', v4: 'PoissonLoss' },
    ...more,
  },
})

describe('smaller batches', () => {
  it('are half of all, with the steps kept where batches can be added up', () => {
    expect(small(cotrainer(3))).toEqual(['batch_size 64 32, grad_accum_step 3 6', 'batch_size 64 32'])
    expect(small({ fn: 'nnvision_trainer', config: { loss_accum_batch_n: 1 } }, { batch_size: 25 })).toEqual([
      'batch_size 25 12, loss_accum_batch_n 1 2',
      'batch_size 25 12',
    ])
  })

  it('are alone where the number of batches of a step is that of the sessions, or the cycler adds up none', () => {
    expect(small(cotrainer(0))).toEqual(['batch_size 64 32'])
    expect(small(cotrainer(0, { loss_functions: { v1: 'PoissonLoss' } }))).toHaveLength(2)
    expect(small(cotrainer(3, { train_cycler: 'MTL_Cycler' }))).toHaveLength(1)
    expect(small({ fn: 'nnvision_trainer', config: { loss_accum_batch_n: null } })).toHaveLength(1)
  })

  it('end at one image', () => {
    expect(small(cotrainer(3), { v1: { batch_size: 1 }, v4: { batch_size: 3 } })).toEqual([
      'batch_size 3 1, grad_accum_step 3 6',
      'batch_size 3 1',
    ])
    expect(small(cotrainer(3), { batch_size: 1 })).toEqual([])
    expect(smallerBatches(new Map())).toEqual([])
  })
})
