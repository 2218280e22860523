import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import OptionEffects from '../../../../../src-renderer/features/compare/differences/OptionEffects.vue'
import type { FakeService } from '../../../../support/fake-service.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { ACCURACY, COMPARISON, V1, words } from '../small-comparison.ts'

const delta = {
  mean: 2,
  low: 0.5,
  high: 3.5,
  note: 'paired over 2 seeds in 1 pair of settings',
  paired: true,
  seeds: 2,
  outlook: { kind: 'settled' as const, more: 0 },
}
const effects: FakeService['compare.effects'] = ({ key }) => ({
  key,
  comparisons: 3,
  effects: [{ paths: ['trainer.config.patience'], from: 5, to: 9, pairs: 1, delta }],
})

describe('which option matters', () => {
  it('is asked of the score that the table is sorted by, and of another that is chosen', async () => {
    const { user, text, paramsOf } = await show(OptionEffects, {
      props: { comparison: COMPARISON, asked: [V1] },
      answers: { 'compare.effects': effects },
    })
    await settled()
    const ids = COMPARISON.runs.map(({ id }) => id)
    const wish = { ids, baseline: COMPARISON.baseline, source: 'final' }
    expect(paramsOf('compare.effects')).toEqual([{ ...wish, key: V1 }])
    await user.selectOptions(byRole('combobox', 'Score'), ACCURACY)
    await settled()
    expect(paramsOf('compare.effects').at(-1)).toEqual({ ...wish, key: ACCURACY })
    expect(text()).toContain('Patience matters for Classification accuracy (test).')
    expect(screen.getAllByRole('listitem').map(words)).toEqual([
      'Patience: 9 is 2.0 points more accurate than 5, 95 % interval +0.5 to +3.5, ' +
        'paired over 2 seeds in 1 pair of settings: settled.',
    ])
    expect(text()).toContain('The intervals hold for all 3 comparisons together (Bonferroni).')
  })

  it('is not asked where the runs differ in the seed only', async () => {
    const differences = COMPARISON.differences.filter(({ path }) => path === 'seed')
    const { text, paramsOf } = await show(OptionEffects, {
      props: { comparison: { ...COMPARISON, differences } },
    })
    expect(text()).toBe('')
    expect(paramsOf('compare.effects')).toEqual([])
  })
})
