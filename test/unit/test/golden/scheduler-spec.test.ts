import { describe, expect, it } from 'vitest'
import {
  initialScheduler,
  type SchedulerSpec,
  stepScheduler,
} from '../../../../src-main/engine/train/schedule/scheduler.ts'
import { schedulerSpec } from '../../../golden/scheduler-spec.ts'

const METRICS = [1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2]

function ratesOf(spec: SchedulerSpec): number[] {
  let state = initialScheduler([0.3])
  return METRICS.map((metric) => (state = stepScheduler(spec, state, metric)).rates[0] as number)
}

const entry = (name: string, spec: SchedulerSpec) => ({
  name,
  metrics: METRICS,
  initial_lr: 0.3,
  lr_after_step: ratesOf(spec),
})

describe('the scheduler of a golden entry', () => {
  it.each<[string, SchedulerSpec]>([
    [
      'plateau_max_rel_p1',
      {
        kind: 'plateau',
        mode: 'max',
        thresholdMode: 'rel',
        patience: 1,
        factor: 0.3,
        threshold: 1e-4,
        minRate: 0.005,
      },
    ],
    ['step_3_0.7', { kind: 'step', stepSize: 3, factor: 0.7 }],
    ['multistep', { kind: 'multi-step', milestones: [2, 5, 5, 9], factor: 0.2 }],
  ])('%s is found from its name and the sizes of its drops', (name, spec) => {
    expect(ratesOf(schedulerSpec(entry(name, spec)))).toEqual(
      ratesOf(spec).map((rate) => expect.closeTo(rate, 12) as unknown),
    )
  })

  it('cannot hide a drop at another time', () => {
    const patient = {
      kind: 'plateau',
      mode: 'max',
      thresholdMode: 'rel',
      factor: 0.3,
      threshold: 1e-4,
      minRate: 0,
    } as const
    const wrong = entry('plateau_max_rel_p1', { ...patient, patience: 2 })
    expect(ratesOf(schedulerSpec(wrong))).not.toEqual(wrong.lr_after_step)
  })

  it('is refused under an unknown name', () => {
    expect(() => schedulerSpec({ name: 'cosine', metrics: [], initial_lr: 1, lr_after_step: [] })).toThrow(
      /cosine/,
    )
  })
})
