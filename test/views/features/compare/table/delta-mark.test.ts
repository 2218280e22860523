import { describe, expect, it } from 'vitest'
import DeltaMark from '../../../../../src-renderer/features/compare/table/DeltaMark.vue'
import { show } from '../../../../support/show.ts'
import { words } from '../small-comparison.ts'

const score = {
  value: 0.512,
  spread: { half: 0.02 },
  n: 3,
  delta: -0.03,
  interval: [-0.05, -0.01],
  bootstrap: null,
  note: 'over 3 seeds',
  answer: 'joint is lower, paired over 3 seeds: not settled.',
}
const props = { score, unit: '', goal: 'max', isBaseline: false, seeds: 3 }
const said = (): string => words(document.body.querySelector('[title]'))
const title = (): string | null | undefined => document.body.querySelector('[title]')?.getAttribute('title')

describe('a score with its difference to the baseline', () => {
  it('calls a loss worse, or better where less is better, only where the interval leaves 0 out', async () => {
    const { change } = await show(DeltaMark, { props })
    expect(said()).toBe('0.512 ± 0.020▼ −0.030, worse')
    await change({ goal: 'min' })
    expect(said()).toBe('0.512 ± 0.020▼ −0.030, better')
    await change({ score: { ...score, interval: [-0.05, 0.01] } })
    expect(said()).toBe('0.512 ± 0.020▼ −0.030, not told apart from 0')
    expect(title()).toBe(score.answer)
  })

  it('has the reason in place of a sentence where there is none', async () => {
    const single = { ...score, interval: null, answer: '', note: 'one seed, no interval' }
    await show(DeltaMark, { props: { ...props, score: single } })
    expect(title()).toBe('one seed, no interval')
    expect(said()).toBe('0.512 ± 0.020▼ −0.030, not told apart from 0')
  })

  it('names the seeds behind a score where they are fewer than the runs', async () => {
    const { change } = await show(DeltaMark, { props: { ...props, seeds: 5 } })
    expect(said()).toContain('± 0.020 n = 3')
    await change({ score: { ...score, n: 0, value: null, spread: null, delta: null } })
    expect(said()).toBe('–')
  })

  it('calls the baseline so instead of giving a difference, unless it has no value', async () => {
    const { change } = await show(DeltaMark, { props: { ...props, isBaseline: true } })
    expect(said()).toBe('0.512 ± 0.020baseline')
    await change({ score: { ...score, value: null, spread: null, n: 0, delta: null } })
    expect(said()).toBe('–')
  })

  it('writes two ends of an interval, and no sign for a difference of nothing', async () => {
    await show(DeltaMark, {
      props: {
        ...props,
        unit: '%',
        score: { ...score, value: 94.26, spread: { low: 93.1, high: 95 }, delta: 0, interval: [-1, 1] },
      },
    })
    expect(said()).toBe('94.3 [93.1, 95.0] 0.0, not told apart from 0')
  })
})
