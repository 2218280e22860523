import { describe, expect, it } from 'vitest'
import type { CheckResult, CheckStep } from '../../../scripts/gpu-check/plan.ts'
import {
  allowance,
  checkPlan,
  exitCode,
  reportText,
  resumeVerdict,
  setUpWords,
} from '../../../scripts/gpu-check/plan.ts'

const onCard = { engine: 'gpu', from: null, isSetUp: false, keepsProof: false }
const passed = (plan: readonly CheckStep[]): CheckResult[] =>
  plan.map(({ name }) => ({ name, outcome: 'passed', seconds: 10, detail: 'right.' }))

describe('the check of an engine', () => {
  it('sets the engine up from the network, from wheels, or takes one that is there', () => {
    expect(setUpWords(onCard)).toEqual(['setup', '--engine', 'gpu'])
    expect(setUpWords({ ...onCard, from: '/wheels' })).toEqual([
      'setup',
      '--engine',
      'gpu',
      '--from',
      '/wheels',
    ])
    expect(setUpWords({ ...onCard, engine: 'native' })).toEqual(['setup', '--engine', 'cpu'])
    expect(setUpWords({ engine: 'gpu', from: '/engine', isSetUp: true, keepsProof: false })).toBeNull()
    expect(setUpWords({ ...onCard, engine: 'wasm' })).toBeNull()
    const does = (wish: Parameters<typeof checkPlan>[0]) =>
      checkPlan(wish).find(({ name }) => name === 'set up')?.does
    expect(does(onCard)).toMatch(/^cotrain setup --engine gpu /)
    expect(does({ engine: 'gpu', from: '/engine', isSetUp: true, keepsProof: false })).toMatch(
      /the engine of \/engine /,
    )
    expect(does({ ...onCard, engine: 'wasm' })).toMatch(/^nothing: wasm /)
  })

  it('goes from what the rest needs to what is worth least without it', () => {
    const plan = checkPlan(onCard)
    expect(plan.map(({ name }) => name)).toEqual([
      'build',
      'set up',
      'proof',
      'golden',
      'training',
      'kill and resume',
      'bench',
    ])
    const needed = plan.map(({ isNeeded }) => isNeeded)
    expect(needed).toEqual([...needed].sort((a, b) => Number(b) - Number(a)))
    const limits = (minutes?: number) => checkPlan(onCard, minutes).map(({ limitSeconds }) => limitSeconds)
    expect(limits(30)).toEqual(limits().map((seconds) => 3 * seconds))
    expect(Math.max(...plan.map(({ limitSeconds }) => limitSeconds))).toBeLessThan(600)
  })

  it('gives a step its limit, and never more than is left of the whole', () => {
    const [step] = checkPlan(onCard)
    const limit = step?.limitSeconds ?? 0
    expect(limit).toBeGreaterThan(0)
    expect([limit + 1, limit - 1, 0, -5].map((left) => step && allowance(step, left))).toEqual([
      limit,
      limit - 1,
      0,
      0,
    ])
  })

  it('is passed only where every step has passed', () => {
    const plan = checkPlan(onCard)
    const all = passed(plan)
    expect(exitCode(plan, all)).toBe(0)
    for (const [i, result] of all.entries()) {
      expect(exitCode(plan, all.toSpliced(i, 1))).toBe(1)
      for (const outcome of ['failed', 'not run'] as const)
        expect(exitCode(plan, all.with(i, { ...result, outcome }))).toBe(1)
    }
  })

  it('wants a resumed run equal bit for bit, unless the proof names operations that vary', () => {
    const equal = { isEqual: true, largest: 0, varying: [], starts: 2 }
    expect(resumeVerdict(equal)).toMatchObject({ outcome: 'passed', detail: /bit for bit/ })
    expect(resumeVerdict({ ...equal, starts: 1 }).outcome).toBe('failed')
    const different = { ...equal, isEqual: false, largest: 0.0125 }
    expect(resumeVerdict(different)).toMatchObject({ outcome: 'failed', detail: /1\.25e-2/ })
    expect(resumeVerdict({ ...different, varying: ['MaxPoolGrad'] })).toMatchObject({
      outcome: 'passed',
      detail: /1\.25e-2.*MaxPoolGrad/,
    })
  })

  it('reports each step with its time, those that were not reached, and what came of all', () => {
    const plan = checkPlan(onCard)
    const [first, second] = passed(plan)
    const failed = { ...second, outcome: 'failed', detail: 'exit 1: no | such\nindex', more: 'more' }
    const text = reportText(['engine: gpu'], plan, [first, failed] as CheckResult[])
    expect(text).toContain('- Not all steps passed, in 20 s')
    expect(text).toContain('| build | passed | 10.0 | 60 | right. |')
    expect(text).toContain('| set up | failed | 10.0 | 300 | exit 1: no / such index |')
    expect(text).toMatch(/\| bench \| not run \| 0\.0 \| \d+ \| {2}\|/)
    expect(text).toContain('## set up\n\nmore')
    expect(reportText([], plan, passed(plan))).toContain('- All steps passed, in 70 s')
  })
})
