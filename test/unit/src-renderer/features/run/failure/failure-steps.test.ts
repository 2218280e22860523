import { describe, expect, it } from 'vitest'
import {
  causeOf,
  needsEdit,
  nextSteps,
} from '../../../../../../src-renderer/features/run/failure/failure-steps.ts'
import { missingSeeds } from '../../../../../../src-renderer/features/run/missing-seeds.ts'

const failed = (code: string, message = '') => ({ status: 'failed' as const, problem: { code, message } })
const config = {
  dataset: { config: { batch_size: 64, v1_dataset_dict: { batch_size: 32 } } },
  trainer: { config: { optimizer_options: { lr: 0.003 } } },
}
const first = (run: Parameters<typeof nextSteps>[0]) => nextSteps(run, config)[0]

describe('the next step', () => {
  it('after numbers that are not finite is a copy with a lower rate', () => {
    expect(first(failed('non-finite'))).toMatchObject({
      does: 'edit',
      changes: [{ path: 'trainer.config.optimizer_options.lr', from: 0.003, value: 0.0009 }],
    })
    expect(causeOf(failed('engine-failed', 'the loss was not finite at step 120.'))).toBe('non-finite')
  })

  it('after a lack of memory is a copy with half of every batch', () => {
    expect(first(failed('out-of-memory'))?.changes.map((c) => c.value)).toEqual([32, 16])
  })

  it('after a lack of memory keeps the steps first, where batches can be added up', () => {
    const args = { train_cycler: 'LongCycler', train_cycler_args: { grad_accum_step: 2 } }
    const trainer = { fn: 'cotrainer', config: args }
    const steps = nextSteps(failed('out-of-memory'), { ...config, trainer })
    expect(steps.map(({ label }) => label)).toEqual([
      'Edit a copy: halve the batch and accumulate',
      'Edit a copy: halve the batch',
      'Edit a copy',
      'Resume',
    ])
    expect(steps[0]?.changes.map((c) => c.value)).toEqual([32, 16, 4])
  })

  it('is to go on where the settings are not to blame', () => {
    expect(first(failed('disk-full'))?.does).toBe('resume')
    expect(first({ status: 'interrupted', problem: null })?.does).toBe('resume')
    expect(first(failed('engine-failed', 'the worker process was ended by SIGKILL.'))?.does).toBe('resume')
    expect(first(failed('data-missing'))?.does).toBe('data')
    expect(needsEdit(failed('disk-full'))).toBe(false)
    expect(needsEdit(failed('out-of-memory'))).toBe(true)
  })

  it('without a config is still there', () => {
    expect(nextSteps(failed('non-finite'), null)[0]).toMatchObject({ does: 'edit', changes: [] })
  })
})

it('seeds are counted on from the largest', () => {
  expect(missingSeeds([1, 3], 4)).toEqual([4, 5])
  expect(missingSeeds([1000, 1000], 2)).toEqual([1001])
  expect(missingSeeds([1, 2, 3], 2)).toEqual([])
})
