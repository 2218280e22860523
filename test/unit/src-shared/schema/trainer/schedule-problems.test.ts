import { describe, expect, it } from 'vitest'
import {
  groupProblems,
  scheduleProblems,
} from '../../../../../src-shared/schema/trainer/schedule-problems.ts'
import { fc } from '../../../../support/property.ts'

type Given = Parameters<typeof scheduleProblems>[0]
const manual = (given: Partial<Given>, ...milestones: number[]): Given => ({
  ...{ scheduler: 'manual', scheduler_options: { milestones }, interval: 1, max_iter: 20 },
  ...given,
})
const words = (given: Given): string[] =>
  scheduleProblems(given).map(({ message, hint }) => `${message} ${hint}`)

/** Whether an epoch is trained after the m-th evaluation that counts: the one before training and those of the warm-up do not. */
function hasEffect(milestone: number, { interval, max_iter: epochs, lr_warmup: warmUp = 0 }: Given): boolean {
  let counted = 0
  for (let trained = interval; trained < epochs; trained += interval)
    if (trained >= warmUp && ++counted >= milestone) return true
  return false
}

describe('a schedule', () => {
  it('is refused where nothing would be evaluated before training ends', () => {
    expect(scheduleProblems({ interval: 6, max_iter: 5 })).toEqual([
      {
        code: 'config-invalid',
        path: 'interval',
        message: 'is 6, more than the 5 epochs of max_iter: nothing would be evaluated in between.',
        hint: 'Use 5 or less.',
      },
    ])
    expect(scheduleProblems({ interval: 5, max_iter: 5 })).toEqual([])
    // No training at all: the interval has nothing to divide.
    expect(scheduleProblems({ interval: 6, max_iter: 0 })).toEqual([])
  })

  it('of milestones needs some, in rising order', () => {
    expect(words(manual({}))).toEqual([
      'the manual scheduler has no milestones. Name the epochs at which the rate drops.',
    ])
    expect(words({ scheduler: 'manual', interval: 1, max_iter: 5 })).toHaveLength(1)
    expect(words(manual({}, 8, 3))).toEqual(['the milestones do not rise. Write them in ascending order.'])
    expect(words(manual({}, -1, 3))).toEqual(['the milestones do not rise. Write them in ascending order.'])
    expect(words(manual({}, 3, 3, 19))).toEqual([])
  })

  it('names each milestone after which nothing is trained, and the last one that counts', () => {
    expect(words(manual({}, 5, 20, 30))).toEqual([
      'milestone 20 has no effect: training ends after 20 epochs. Use 1 to 19, or train longer.',
      'milestone 30 has no effect: training ends after 20 epochs. Use 1 to 19, or train longer.',
    ])
    expect(words(manual({ interval: 5 }, 4))).toEqual([
      'milestone 4 has no effect: training ends after 20 epochs, evaluated every 5. Use 1 to 3, or train longer.',
    ])
    expect(words(manual({ lr_warmup: 8 }, 13))).toEqual([
      'milestone 13 has no effect: training ends after 20 epochs, the first 8 of which warm up. Use 1 to 12, or train longer.',
    ])
    expect(words(manual({ max_iter: 1 }, 1))).toEqual([
      'milestone 1 has no effect: training ends after 1 epochs. Train longer, or take the scheduler out.',
    ])
  })

  it('refuses a milestone when, and only when, a walk through its epochs finds no effect', () => {
    const given = fc.record({
      interval: fc.integer({ min: 1, max: 4 }),
      max_iter: fc.integer({ min: 4, max: 24 }),
      lr_warmup: fc.integer({ min: 0, max: 10 }),
      milestone: fc.integer({ min: 1, max: 26 }),
    })
    fc.assert(
      fc.property(given, ({ milestone, ...rest }) => {
        const schedule = manual(rest, milestone)
        expect(scheduleProblems(schedule).length === 0).toBe(hasEffect(milestone, schedule))
      }),
      { numRuns: 500 },
    )
  })

  it('of another kind has no milestones to look at', () => {
    expect(scheduleProblems({ scheduler: 'adaptive', interval: 1, max_iter: 5 })).toEqual([])
    expect(scheduleProblems({ ...manual({}, 99), scheduler: '' })).toEqual([])
  })
})

describe('a parameter group', () => {
  const of = (
    optimizer: string,
    options: Record<string, unknown>,
    common: Record<string, unknown> = { lr: 0.1 },
  ) =>
    groupProblems({ optimizer, optimizer_options: common, specific_opt_options: { core: options } }).map(
      ({ path, message }) => `${path}: ${message}`,
    )

  it('may not have options that its optimizer does not read', () => {
    expect(of('Adam', { lr: 0.2, momentum: 0.9 })).toEqual([
      'specific_opt_options.core.momentum: Adam does not read this option.',
    ])
    expect(of('SGD', { lr: 0.2, betas: [0.9, 0.99], eps: 1e-6 })).toEqual([
      'specific_opt_options.core.betas: SGD does not read this option.',
      'specific_opt_options.core.eps: SGD does not read this option.',
    ])
    expect(of('SGD', { momentum: 0.9 })).toEqual([])
  })

  it('may not say what is said of all parameters, or nothing', () => {
    const same = ['specific_opt_options.core: has the options that all parameters have.']
    expect(of('Adam', { lr: 0.1 })).toEqual(same)
    expect(of('Adam', {})).toEqual(same)
    expect(of('Adam', { params: ['core'], lr: undefined })).toEqual(same)
    expect(of('Adam', { betas: [0.9, 0.99] }, { betas: [0.9, 0.99] })).toEqual(same)
    expect(of('Adam', { betas: [0.9, 0.98] }, { betas: [0.9, 0.99] })).toEqual([])
  })
})
