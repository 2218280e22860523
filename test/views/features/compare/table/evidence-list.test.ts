import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Comparison } from '../../../../../src-renderer/features/compare/base/comparison.ts'
import { compareRows } from '../../../../../src-renderer/features/compare/table/compare-rows.ts'
import EvidenceList from '../../../../../src-renderer/features/compare/table/EvidenceList.vue'
import { byRole, settled, show } from '../../../../support/show.ts'
import { ACCURACY, COMPARISON, V1, words } from '../small-comparison.ts'

const propsOf = (comparison: Comparison) => ({ comparison, rows: compareRows(comparison, 'seeds') })
const delta = {
  mean: 0.05,
  low: 0.01,
  high: 0.09,
  note: 'paired over 2 seeds',
  paired: true,
  seeds: 2,
  outlook: { kind: 'settled' as const, more: 0 },
}
/** The setting “plain” has responses as well here, so that units can be compared. */
const withUnits: Comparison = {
  ...COMPARISON,
  groups: COMPARISON.groups.map((g) => ({
    ...g,
    metrics: g.metrics.map((m) =>
      m.key === V1 ? { ...m, n: 2, mean: 0.5, delta: g.name === 'joint' ? delta : null } : m,
    ),
  })),
}
const [plain, joint] = COMPARISON.groups
const more = Array.from({ length: 13 }, (_, i) => `joint ${i}`)
/** The baseline and fourteen other settings. */
const manySettings: Comparison = {
  ...COMPARISON,
  runs: [
    ...COMPARISON.runs,
    ...COMPARISON.runs.slice(2, 3).flatMap((r) => more.map((id) => ({ ...r, id, groupId: id }))),
  ],
  groups: [plain, joint, ...more.map((id) => joint && { ...joint, groupId: id, name: id, ids: [id] })].filter(
    (g) => g !== undefined,
  ),
}
const V1_TEXT =
  'joint is 0.050 higher in V1 single-trial correlation (test) than plain, ' +
  '95 % interval +0.010 to +0.090, paired over 2 seeds: settled.'
const lines = (): string[] => screen.getAllByRole('definition').map(words)

describe('what a comparison lets one say', () => {
  it('says of each other setting whether its difference is real', async () => {
    const { text } = await show(EvidenceList, { props: propsOf(COMPARISON) })
    expect(text()).toContain('against plain')
    expect(screen.getAllByRole('term').map(words)).toEqual(['joint'])
    expect(lines()).toEqual([
      'joint is 2.0 points more accurate than plain, 95 % interval +0.5 to +3.5, paired over 2 seeds: settled.',
    ])
    expect(text()).not.toContain('not corrected for their number')
  })

  it('offers the scores that can be compared, and asks of the units where a score has them', async () => {
    const { user, paramsOf } = await show(EvidenceList, { props: propsOf(withUnits) })
    const choice = byRole('combobox', 'Score')
    expect(screen.getAllByRole('option').map(words)).toEqual([
      'Classification accuracy (test)',
      'V1 single-trial correlation (test)',
    ])
    expect(paramsOf('compare.evidence')).toEqual([])
    await user.selectOptions(choice, V1)
    await settled()
    expect(paramsOf('compare.evidence')).toEqual([
      {
        ids: ['bbbbbbbbb1', 'bbbbbbbbb2'],
        baseline: ['aaaaaaaaa1', 'aaaaaaaaa2'],
        area: 'v1',
        column: 'correlation',
      },
    ])
    expect(lines()).toEqual([
      `${V1_TEXT} With units as a sample as well (3 seeds, 60 units, Student’s t): +0.020, ` +
        '95 % interval −0.010 to +0.050 includes 0.',
    ])
  })

  it('keeps what the seeds say when the service refuses to compare units', async () => {
    const { user } = await show(EvidenceList, {
      props: propsOf(withUnits),
      answers: {
        'compare.evidence': () => {
          throw new CotrainError({ code: 'internal', message: 'no units', hint: 'h' })
        },
      },
    })
    await user.selectOptions(byRole('combobox', 'Score'), V1)
    await settled()
    expect(lines()).toEqual([V1_TEXT])
  })

  it('does not add what is said of the units of another score that was chosen before', async () => {
    let answer: (units: Result<'compare.evidence'>) => void = () => undefined
    const { user, text } = await show(EvidenceList, {
      props: propsOf(withUnits),
      answers: { 'compare.evidence': () => new Promise((resolve) => (answer = resolve)) },
    })
    await user.selectOptions(byRole('combobox', 'Score'), V1)
    await user.selectOptions(byRole('combobox', 'Score'), ACCURACY)
    answer({ mean: 0.02, low: -0.01, high: 0.05, seeds: 2, units: 60, paired: true })
    await settled()
    expect(text()).not.toContain('With units')
    expect(lines()[0]).toContain('2.0 points more accurate')
  })

  it('asks nothing of units while the scores are those of curves', async () => {
    const { user, paramsOf } = await show(EvidenceList, { props: propsOf({ ...withUnits, source: 'last' }) })
    await user.selectOptions(byRole('combobox', 'Score'), V1)
    await settled()
    expect(paramsOf('compare.evidence')).toEqual([])
  })

  it('lists twelve settings at first, all on demand, and warns of the number of comparisons', async () => {
    const { user, text } = await show(EvidenceList, { props: propsOf(manySettings) })
    expect(lines()).toHaveLength(12)
    expect(text()).toContain('14 comparisons, not corrected for their number')
    await user.click(byRole('button', 'Show all 14'))
    expect(lines()).toHaveLength(14)
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('is not there without a baseline', async () => {
    const groups = COMPARISON.groups.map((g) => ({
      ...g,
      metrics: g.metrics.map((m) => ({ ...m, delta: null })),
    }))
    const { text } = await show(EvidenceList, { props: propsOf({ ...COMPARISON, groups, baseline: null }) })
    expect(text()).toBe('')
  })
})
