import { describe, expect, it } from 'vitest'
import { caseOptions, withoutIdle } from '../../../golden/case-options.ts'
import { NotComparable } from '../../../golden/golden-case.ts'

describe('options of a golden case', () => {
  it('are the stated ones, then the defaults; null asks for the default', () => {
    const o = caseOptions('a class', { factor: 0.3, bias: null })
    expect([o.number('factor', 1), o.flag('bias', true), o.text('mode', 'min')]).toEqual([0.3, true, 'min'])
    expect(() => o.finish()).not.toThrow()
  })

  it('skip the case when one is stated that nobody reads, or has another type', () => {
    const o = caseOptions('a class', { factor: 0.3, warm_up: 2 })
    o.number('factor', 1)
    expect(() => o.finish()).toThrow(/warm_up/)
    expect(() => caseOptions('a class', { factor: 'half' }).number('factor', 1)).toThrow(NotComparable)
  })

  it('lose published arguments that decide nothing once weights are given, with a note', () => {
    const { options, notes } = withoutIdle({ init_weights: true, pretrained: false, input_size: 32 })
    expect(options).toEqual({ input_size: 32 })
    expect(notes).toEqual(['init_weights has no effect here: the weights are given'])
  })
})
