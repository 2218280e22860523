import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import LaterScoresCard from '../../../../../src-renderer/features/run/scores/LaterScoresCard.vue'
import ScoresCard from '../../../../../src-renderer/features/run/scores/ScoresCard.vue'
import ScoreTable from '../../../../../src-renderer/features/run/scores/ScoreTable.vue'
import type { Evaluation } from '../../../../../src-shared/contract/evaluation.ts'
import { demoRuns } from '../../../../support/fake-renderer/made-up-runs.ts'
import { evaluationOf } from '../../../../support/fake-renderer/made-up-results.ts'
import { show } from '../../../../support/show.ts'

const [first] = demoRuns()
if (first === undefined) throw new Error('no demo run')
const { id } = first.summary
const lines = (): string[] => screen.getAllByRole('row').map((row) => row.textContent ?? '')
const ACCURACY = 'FinalTest/img_classification/eval'

describe('the table of scores', () => {
  it('names each score, headlines first, with the decimals and the unit that it deserves', async () => {
    await show(ScoreTable, {
      props: {
        scores: {
          'FinalValidation/v1/eval': 0.51234,
          'Robustness/mCE': 88.04,
          'FinalTest/v1/eval': 0.4321,
          [ACCURACY]: 95.345,
          'FinalTest/v1/feve': null,
          'Robustness/score': 104.2,
        },
      },
    })
    expect(lines()).toEqual([
      'Classification accuracy (test)95.3%',
      'V1 single-trial correlation (test)0.432',
      'Robustness score104.2% of baseline',
      'Mean corruption error88.0% of baseline',
      'V1 FEVe (test)–',
      'V1 single-trial correlation (final, validation set)0.512',
    ])
  })

  it('leaves single corruptions and the time out, and is not there without scores', async () => {
    await show(ScoreTable, {
      props: { scores: { 'fly_c_test fog 3/img_classification/eval': 60, 'Time/seconds': 200 } },
    })
    expect(screen.queryByRole('table')).toBeNull()
  })
})

describe('the card of final scores', () => {
  it('shows the mean over corruptions where the run has single ones only', async () => {
    await show(ScoresCard, {
      props: {
        scores: {
          'fly_c_test fog 1/img_classification/eval': 80,
          'fly_c_test fog 2/img_classification/eval': 70,
          'fly_c_test fog 3/img_classification/eval': null,
        },
        cautions: [],
      },
    })
    expect(lines()).toEqual(['Mean corrupted accuracy75.0%'])
  })

  it('says what a reader of the scores must know', async () => {
    const { text } = await show(ScoresCard, {
      props: { scores: { [ACCURACY]: 95 }, cautions: ['V1 was not trained.', 'Few images.'] },
    })
    expect(text()).toMatch(/^Final scoresV1 was not trained\.Few images\.Classification accuracy/)
  })

  it('is not there without scores', async () => {
    const { text } = await show(ScoresCard, { props: { scores: {}, cautions: ['V1 was not trained.'] } })
    expect(text()).toBe('')
  })
})

describe('the card of later scores', () => {
  const later = (made: readonly Evaluation[], props: object = { id, count: 0 }) =>
    show(LaterScoresCard, { props: { ...props }, answers: { 'runs.evaluations': () => [...made] } })
  const made = evaluationOf(first)

  it('says on what, when, on how many images, and the scores', async () => {
    const { text, paramsOf } = await later([{ ...made, at: new Date(2026, 2, 1, 9, 5, 7).getTime() }])
    expect(paramsOf('runs.evaluations')).toEqual([{ id }])
    expect(text()).toContain('Scored laterphotographs [1a2b3c4d]')
    expect(text()).toContain('1 Mar 2026, 09:05:07; classification n = 500')
    expect(lines()[0]).toBe('Classification accuracy (test, noise as in training)61.2%')
  })

  it('names ensembles, its own data, corrupted sets and notes', async () => {
    const { text } = await later([
      { ...made, key: 'a', members: [id, id, id] },
      {
        ...made,
        key: 'b',
        data: null,
        counts: {},
        scores: {
          'fly_c_test fog 1/img_classification/eval': 80,
          'fly_c_test fog 2/img_classification/eval': 75,
        },
        notes: ['Two classes of it are unknown to the network.'],
      },
    ])
    const titles = screen.getAllByRole('heading', { level: 3 }).map((h) => h.textContent)
    expect(titles).toEqual(['Ensemble of 3 on photographs [1a2b3c4d]', 'Its own data'])
    expect(text()).toMatch(/; 2 corrupted setsTwo classes of it are unknown to the network\.$/)
  })

  it('asks again when something was scored', async () => {
    const all: Evaluation[] = []
    const shown = await show(LaterScoresCard, {
      props: { id, count: 0 },
      answers: { 'runs.evaluations': () => all },
    })
    expect(shown.text()).toBe('')
    all.push(made)
    await shown.change({ count: 1 })
    expect(shown.text()).toContain('Scored later')
  })
})
