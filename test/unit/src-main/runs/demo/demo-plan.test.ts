import { describe, expect, it } from 'vitest'
import { choosePlan, demoSeconds } from '../../../../../src-main/runs/demo/demo-plan.ts'

const BUDGET = 460

describe('choosePlan', () => {
  it('trains three seeds where they fit, before it trains longer', () => {
    const fast = choosePlan(0.04, BUDGET)
    expect([fast.size.name, fast.seeds.length]).toEqual(['standard', 3])
    const usual = choosePlan(0.09, BUDGET)
    expect([usual.size.name, usual.seeds.length]).toEqual(['small', 3])
  })

  it('falls back to one seed, then to the quick size, and on an engine that is slower still to the least', () => {
    const slow = choosePlan(0.15, BUDGET)
    expect([slow.size.name, slow.seeds.length]).toEqual(['standard', 1])
    const slower = choosePlan(0.8, BUDGET)
    expect([slower.size.name, slower.seeds.length]).toEqual(['quick', 1])
    const slowest = choosePlan(20, BUDGET)
    expect([slowest.size.name, slowest.seeds.length]).toEqual(['least', 1])
  })

  it('never plans for more than the budget unless nothing fits', () => {
    for (let step = 0.01; step < 5; step += 0.01) {
      const plan = choosePlan(step, BUDGET)
      if (plan.size.name !== 'least') expect(demoSeconds(plan, step)).toBeLessThanOrEqual(BUDGET)
    }
  })
})
