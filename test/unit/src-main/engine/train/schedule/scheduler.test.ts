import { describe, expect, it } from 'vitest'
import {
  initialScheduler,
  stepScheduler,
  warmUpFactor,
  type PlateauSpec,
  type SchedulerSpec,
} from '../../../../../../src-main/engine/train/schedule/scheduler.ts'

function rates(
  spec: SchedulerSpec,
  metrics: readonly number[],
  initial: readonly number[] = [1],
): readonly (readonly number[])[] {
  let state = initialScheduler(initial)
  return metrics.map((metric) => (state = stepScheduler(spec, state, metric)).rates)
}

const plateau: PlateauSpec = {
  kind: 'plateau',
  mode: 'max',
  factor: 0.5,
  patience: 1,
  threshold: 0.1,
  thresholdMode: 'rel',
  minRate: 0.2,
}

describe('plateau scheduler', () => {
  it('reduces at the (patience + 1)-th bad step and counts anew', () => {
    expect(rates(plateau, [10, 10, 10, 10, 10]).flat()).toEqual([1, 1, 0.5, 0.5, 0.25])
  })

  it('asks for a share of the best with rel and for a fixed margin with abs', () => {
    expect(rates({ ...plateau, patience: 0 }, [10, 10.9]).flat()).toEqual([1, 0.5])
    expect(rates({ ...plateau, patience: 0, thresholdMode: 'abs' }, [10, 10.9]).flat()).toEqual([1, 1])
  })

  it('asks for a fixed margin downwards too where less is better', () => {
    const down: PlateauSpec = { ...plateau, mode: 'min', patience: 0, thresholdMode: 'abs' }
    expect(rates(down, [10, 9.8]).flat()).toEqual([1, 1])
    expect(rates(down, [10, 9.95]).flat()).toEqual([1, 0.5])
  })

  it.each<[Partial<PlateauSpec>, readonly [number, number, number]]>([
    [{ mode: 'max', thresholdMode: 'abs', threshold: 1 }, [10, 11, 11.5]],
    [{ mode: 'min', thresholdMode: 'abs', threshold: 1 }, [10, 9, 8.5]],
    [{ mode: 'max', thresholdMode: 'rel', threshold: 0.5 }, [10, 15, 15.5]],
    [{ mode: 'min', thresholdMode: 'rel', threshold: 0.5 }, [10, 5, 4.5]],
  ])('takes a gain of exactly the margin for none: %j', (rule, [first, atMargin, beyond]) => {
    const spec = { ...plateau, ...rule, patience: 0 }
    expect(rates(spec, [first, atMargin]).flat()).toEqual([1, 0.5])
    expect(rates(spec, [first, beyond]).flat()).toEqual([1, 1])
  })

  it('stops at the floor, per parameter group', () => {
    expect(rates({ ...plateau, patience: 0 }, [1, 1, 1, 1], [1, 0.3]).at(-1)).toEqual([0.2, 0.2])
  })

  it('skips reductions by 1e-8 or less', () => {
    const spec = { ...plateau, patience: 0, minRate: 0 }
    expect(rates(spec, [1, 1], [1e-8, 2e-8, 4e-8]).at(-1)).toEqual([1e-8, 2e-8, 2e-8])
  })

  it('takes NaN as a bad step', () => {
    expect(rates({ ...plateau, patience: 0 }, [NaN]).flat()).toEqual([0.5])
  })

  it('ignores bad steps while it cools down', () => {
    expect(rates({ ...plateau, patience: 0, cooldown: 2, minRate: 0 }, [1, 1, 1, 1, 1]).flat()).toEqual([
      1, 0.5, 0.5, 0.5, 0.25,
    ])
  })
})

describe('other schedulers', () => {
  it('steps by a factor every few steps', () => {
    expect(rates({ kind: 'step', stepSize: 2, factor: 0.5 }, [0, 0, 0, 0]).flat()).toEqual([
      1, 0.5, 0.5, 0.25,
    ])
  })

  it('decays at milestones, twice at one named twice', () => {
    expect(rates({ kind: 'multi-step', milestones: [2, 3, 3], factor: 0.5 }, [0, 0, 0]).flat()).toEqual([
      1, 0.5, 0.125,
    ])
  })

  it('warms up by epoch', () => {
    expect([1, 2, 4, 9].map((epoch) => warmUpFactor(epoch, 4))).toEqual([0.25, 0.5, 1, 1])
    expect(warmUpFactor(1, 0)).toBe(1)
  })
})
