import { describe, expect, it } from 'vitest'
import {
  answerText,
  answersOf,
  optionAnswer,
  optionsSentence,
  verdictOf,
} from '../../../../src-shared/contract/answer.ts'
import {
  MEAN_CORRUPTED,
  MEAN_CORRUPTION_ERROR,
  ROBUSTNESS,
  TEST_ACCURACY,
  metricKey,
} from '../../../../src-shared/contract/metric-keys.ts'
import { metricInfo } from '../../../../src-shared/contract/metrics.ts'
import { ACCURACY, COMPARISON, V1 } from '../../../views/features/compare/small-comparison.ts'

const delta = {
  mean: 1.8,
  low: -0.4,
  high: 4,
  note: 'paired over 3 seeds',
  paired: true,
  seeds: 3,
  outlook: { kind: 'seeds' as const, more: 4 },
}
const asked = (key: string) => ({ key, setting: 'Co-trained', baseline: 'pictures alone' })

describe('an answer in words', () => {
  it('says effect, interval, seeds, and what would settle it', () => {
    expect(answerText(asked(ROBUSTNESS), delta)).toBe(
      'Co-trained is 1.8 points more robust than pictures alone, 95 % interval \u22120.4 to +4.0, ' +
        'paired over 3 seeds: not settled; about 4 more seeds would do.',
    )
    const settled = {
      ...delta,
      mean: -1.8,
      low: -2.5,
      high: -1.1,
      outlook: { kind: 'settled' as const, more: 0 },
    }
    expect(answerText(asked(TEST_ACCURACY[0]), settled)).toBe(
      'Co-trained is 1.8 points less accurate than pictures alone, 95 % interval \u22122.5 to \u22121.1, ' +
        'paired over 3 seeds: settled.',
    )
  })

  it('has the unit of the score, and its split where it has no word of its own', () => {
    const small = { ...delta, mean: 0.012, low: -0.001, high: 0.025 }
    expect(answerText(asked(metricKey('FinalTest', 'v1', 'eval')), small)).toMatch(
      /^Co-trained is 0\.012 higher in V1 single-trial correlation \(test\) than pictures alone, 95 % interval \u22120\.001/,
    )
    expect(answerText(asked(MEAN_CORRUPTION_ERROR), delta)).toContain(
      '1.8 points higher in mean corruption error',
    )
    expect(answerText(asked(MEAN_CORRUPTED), delta)).toContain('1.8 points more accurate on corrupted images')
  })

  it('never rounds a number to the 0 that it is said to leave out', () => {
    const close = { ...delta, low: 0.004, outlook: { kind: 'settled' as const, more: 0 } }
    expect(answerText(asked(ROBUSTNESS), close)).toContain('+0.004 to +4.0')
    expect(answerText(asked(ROBUSTNESS), { ...delta, mean: 0, low: -1, high: 1 })).toMatch(
      /^Co-trained and pictures alone do not differ in robustness score,/,
    )
  })

  it('claims nothing without an interval', () => {
    const one = { ...delta, low: null, high: null, note: 'one seed, no interval', seeds: 1 }
    const more = (n: number | null) => ({ ...one, outlook: { kind: 'no-spread' as const, more: n } })
    expect(answerText(asked(ROBUSTNESS), more(2))).toBe(
      'Co-trained is 1.8 points more robust than pictures alone (one seed, no interval): not settled; ' +
        '2 more seeds would show how much chance there is in it.',
    )
    expect(answerText(asked(ROBUSTNESS), more(null))).toContain('the score is too coarse for these runs.')
    expect(answerText(asked(ROBUSTNESS), null)).toBe('No value to compare.')
  })

  it('says when seeds are no way to settle it', () => {
    const of = (kind: 'many' | 'too-small') =>
      answerText(asked(ROBUSTNESS), { ...delta, outlook: { kind, more: null } })
    expect(of('many')).toContain('more than 20 more seeds would be needed.')
    expect(of('too-small')).toContain('so small beside its spread that more seeds will not do.')
  })
})

describe('verdictOf', () => {
  it('calls a difference real only when its interval leaves 0 out', () => {
    expect(verdictOf([0.1, 0.5], 'max')).toBe('better')
    expect(verdictOf([0.1, 0.5], 'min')).toBe('worse')
    expect(verdictOf([-0.5, -0.1], 'min')).toBe('better')
    expect(verdictOf([-0.1, 0.5], 'max')).toBe('open')
    expect(verdictOf([0.1, 0.5], 'none')).toBe('open')
    expect(verdictOf(null, 'max')).toBe('open')
  })
})

describe('answersOf', () => {
  it('answers for each setting and score that it and the baseline have, robustness first', () => {
    const names = new Map([['group of plain', 'pictures alone']])
    expect(answersOf(COMPARISON, names)).toMatchObject([
      {
        setting: 'joint',
        key: ACCURACY,
        verdict: 'better',
        text: 'joint is 2.0 points more accurate than pictures alone, 95 % interval +0.5 to +3.5, paired over 2 seeds: settled.',
      },
    ])
    const groups = COMPARISON.groups.map((g) => ({
      ...g,
      metrics: g.name === 'joint' ? [V1, ACCURACY, ROBUSTNESS].map((key) => ({ ...metric, key, delta })) : [],
    }))
    expect(answersOf({ ...COMPARISON, groups }).map(({ key }) => key)).toEqual([ROBUSTNESS, ACCURACY, V1])
  })

  it('has none without a baseline', () => {
    expect(answersOf({ ...COMPARISON, baseline: null })).toEqual([])
  })
})
const metric = { n: 3, mean: 1, sem: null }

describe('which option matters, in words', () => {
  const key = TEST_ACCURACY[0]
  const settled = { ...delta, low: 0.6, high: 3, outlook: { kind: 'settled' as const, more: 0 } }
  const rate = { name: 'Learning rate', from: '0.1', to: '0.3' }
  const matters = optionAnswer(key, { paths: ['a'], pairs: 1, delta: settled }, rate)
  const open = optionAnswer(key, { paths: ['b', 'c'], pairs: 1, delta }, { ...rate, name: 'Decay' })
  const bound = optionAnswer(key, { paths: ['d'], pairs: 0, delta: null }, { ...rate, name: 'Width' })

  it('names the values, what was seen, and what changed along', () => {
    expect(matters.text).toBe(
      'Learning rate: 0.3 is 1.8 points more accurate than 0.1, 95 % interval +0.6 to +3.0, paired over 3 seeds: settled.',
    )
    expect(open.text).toBe(
      'Decay (with 1 more option that changed with it): 0.3 is 1.8 points more accurate than 0.1, ' +
        '95 % interval \u22120.4 to +4.0, paired over 3 seeds: not settled; about 4 more seeds would do.',
    )
    expect(bound.text).toContain('differ in it alone')
  })

  it('says first which of them matter', () => {
    const { label } = metricInfo(key)
    expect(optionsSentence(key, [matters, open])).toBe(`Of 2 options, Learning rate matters for ${label}.`)
    expect(optionsSentence(key, [matters, { ...matters, name: 'Decay' }, bound])).toBe(
      `Of 3 options, Learning rate and Decay matter for ${label}.`,
    )
    expect(optionsSentence(key, [matters])).toBe(`Learning rate matters for ${label}.`)
    expect(optionsSentence(key, [open])).toBe(`It is not settled that Decay matters for ${label}.`)
    expect(optionsSentence(key, [open, bound])).toBe(`Of 2 options, none is settled to matter for ${label}.`)
    expect(optionsSentence(key, [bound])).toContain('cannot be told')
  })
})
