import { within } from '@testing-library/dom'
import { expect, it } from 'vitest'
import { h } from 'vue'
import FamilyView from '../../../../src-renderer/features/family/FamilyView.vue'
import type { SearchView } from '../../../../src-shared/contract/calls/search.ts'
import type { FamilyDetail } from '../../../../src-shared/contract/calls/family.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'
import { words } from '../compare/small-comparison.ts'
import { answersWith, FAMILY, FINISHED } from './small-family.ts'

const LR = 'trainer.optimizer_options.lr'
const trial = (
  number: number,
  more: Partial<SearchView['trials'][number]>,
): SearchView['trials'][number] => ({
  number,
  state: 'finished',
  settings: [0.01 * number, 'Adam'],
  values: [80 + number],
  epoch: 9,
  runs: [{ id: `aaaaaaaaa${number}`, seed: 1, status: 'finished' }],
  ...more,
})
const SEARCH: SearchView = {
  method: 'bayesian',
  planned: 5,
  initial: 3,
  prune: 'below the median of the finished trials at the same epoch, after 2 trials and 1 epochs',
  objectives: [{ metric: 'FinalValidationInDomain/img_classification/eval', direction: 'max' }],
  options: [
    { path: LR, kind: 'float', log: true },
    { path: 'trainer.optimizer', kind: 'choice', log: false },
  ],
  trials: [
    trial(1, {}),
    trial(2, {}),
    trial(3, {
      state: 'pruned',
      values: [60],
      epoch: 2,
      runs: [{ id: 'aaaaaaaaa3', seed: 1, status: 'stopped' }],
    }),
    trial(4, {
      state: 'new',
      values: [null],
      settings: [0.04, null],
      runs: [{ id: null, seed: 1, status: null }],
    }),
  ],
  best: [2],
  warm: { used: 0, leftOut: 0 },
  slices: [{ path: LR, at: [0.01, 0.1], mean: [80, 82], low: [79, 81], high: [81, 83] }],
  importance: { trials: 3, needed: 20, options: [] },
}
const family: FamilyDetail = {
  ...FAMILY,
  baseline: null,
  grows: true,
  searches: true,
  settings: FAMILY.settings.map((setting, i) => ({ ...setting, label: `trial ${i + 1}` })),
}
const page = (search: SearchView, more: Partial<FamilyDetail> = {}) =>
  show(inMotion({ render: () => h(FamilyView, { name: FAMILY.name }) }), {
    answers: { ...answersWith(FINISHED, { ...family, ...more }), 'family.search': () => search },
  })
const region = () => within(byRole('region', 'Search'))

it('shows every trial with its options, its state and its score, and which is the best', async () => {
  await page(SEARCH)
  const rows = region().getAllByRole('row').map(words)
  expect(rows[0]).toContain('Learning rate')
  expect(rows[0]).toContain('Classification accuracy (final, validation set, noise as in training), %')
  expect(rows[2]).toBe('2 (best)seed 1: finished0.02Adam82.0n = 1')
  expect(rows[3]).toContain('ended early at epoch 2')
  expect(rows[3]).toContain('60.0so far')
  expect(rows[4]).toBe('4seed 1: not queued0.04––')
  expect(words(byRole('region', 'Search'))).toContain('3 of 5 trials have a value; best: trial 2.')
  expect(words(byRole('region', 'Search'))).toContain('The first 3 are spread evenly.')
  expect(region().getAllByRole('link', { name: 'seed 1' })[0]?.getAttribute('href')).toBe('/runs/aaaaaaaaa1')
})

it('says how many trials are missing before it tells what matters', async () => {
  await page(SEARCH)
  expect(words(byRole('region', 'Search'))).toContain('17 more are needed')
})

it('tells what matters when enough trials are there', async () => {
  const options = [
    { path: LR, share: 0.8, low: 0.6, high: 0.9 },
    { path: 'trainer.optimizer', share: 0.05, low: 0, high: 0.2 },
  ]
  await page({ ...SEARCH, importance: { trials: 20, needed: 20, options } })
  expect(region().getByRole('figure', { name: /Which options matter/ })).toBeTruthy()
})

it('is stopped and continued by keyboard', async () => {
  const { user, paramsOf } = await page(SEARCH)
  region().getByRole('button', { name: 'Stop' }).focus()
  await user.keyboard('{Enter}')
  await settled()
  expect(paramsOf('family.stop')).toEqual([{ name: FAMILY.name }])
  region().getByRole('button', { name: 'Continue' }).focus()
  await user.keyboard('{Enter}')
  await settled()
  expect(paramsOf('family.continue')).toEqual([{ name: FAMILY.name }])
})

it('that is over is not to be stopped', async () => {
  await page({ ...SEARCH, planned: 3, trials: SEARCH.trials.slice(0, 3) })
  expect(region().queryByRole('button', { name: 'Stop' })).toBeNull()
})

it('draws both objectives as a front', async () => {
  const objectives = [...SEARCH.objectives, { metric: 'FinalValidation/v1/eval', direction: 'max' as const }]
  const trials = SEARCH.trials.map((one) => ({ ...one, values: [one.values[0]!, 0.3] }))
  await page({ ...SEARCH, objectives, trials, best: [1, 2] })
  expect(region().getByRole('figure', { name: /Both objectives/ })).toBeTruthy()
  expect(words(byRole('region', 'Search'))).toContain('on the front: trial 1, trial 2.')
})
