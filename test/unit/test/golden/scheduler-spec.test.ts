import { describe, expect, it } from 'vitest'
import { NotComparable } from '../../../golden/golden-case.ts'
import { type SchedulerCase, schedulerSpec } from '../../../golden/scheduler-spec.ts'

const entry = (more: Partial<SchedulerCase> & { readonly name: string }): SchedulerCase => ({
  metrics: [],
  initial_lr: 1,
  lr_after_step: [],
  ...more,
})

describe('the scheduler of a golden entry', () => {
  it('comes from the options, whatever the entry is called', () => {
    const options = {
      mode: 'max',
      factor: 0.3,
      patience: 1,
      threshold_mode: 'abs',
      min_lr: 0.005,
      cooldown: 2,
    }
    expect(schedulerSpec(entry({ name: 'plateau_min_rel_p7', options }))).toEqual({
      kind: 'plateau',
      mode: 'max',
      factor: 0.3,
      patience: 1,
      threshold: 1e-4,
      thresholdMode: 'abs',
      cooldown: 2,
      minRate: 0.005,
    })
    expect(schedulerSpec(entry({ name: 'third', options: { milestones: [2, 5, 5], gamma: 0.2 } }))).toEqual({
      kind: 'multi-step',
      milestones: [2, 5, 5],
      factor: 0.2,
    })
  })

  it('takes torch’s defaults for options that are left out', () => {
    expect(schedulerSpec(entry({ name: 'a', scheduler: 'ReduceLROnPlateau', options: {} }))).toEqual({
      kind: 'plateau',
      mode: 'min',
      factor: 0.1,
      patience: 10,
      threshold: 1e-4,
      thresholdMode: 'rel',
      cooldown: 0,
      minRate: 0,
    })
    expect(schedulerSpec(entry({ name: 'b', options: { step_size: 3 } }))).toEqual({
      kind: 'step',
      stepSize: 3,
      factor: 0.1,
    })
  })

  it('reads a name that says everything', () => {
    expect(schedulerSpec(entry({ name: 'step_3_0.7' }))).toEqual({ kind: 'step', stepSize: 3, factor: 0.7 })
  })

  it.each([
    ['sizes are not stated', entry({ name: 'plateau_max_rel_p1' })],
    ['milestones are not stated', entry({ name: 'a', scheduler: 'MultiStepLR', options: { gamma: 0.5 } })],
    ['it is not built here', entry({ name: 'a', scheduler: 'CosineAnnealingLR', options: { T_max: 5 } })],
    ['an option is not known', entry({ name: 'a', options: { step_size: 2, warmup: 3 } })],
    ['nothing says what it is', entry({ name: 'a', options: { gamma: 0.5 } })],
  ])('is not compared where %s', (_why, one) => {
    expect(() => schedulerSpec(one)).toThrow(NotComparable)
  })
})
