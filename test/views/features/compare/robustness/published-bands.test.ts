import { screen, within } from '@testing-library/dom'
import { expect, it } from 'vitest'
import PublishedBands from '../../../../../src-renderer/features/compare/robustness/PublishedBands.vue'
import { ROBUSTNESS } from '../../../../../src-shared/contract/metric-keys.ts'
import { byRole, show } from '../../../../support/show.ts'
import { FAMILY } from '../../family/small-family.ts'
import { COMPARISON, words } from '../small-comparison.ts'

const published = {
  source: 'From the figure code.',
  robustness: [
    { label: 'pictures alone', mean: 100, spread: 0 },
    { label: 'co-trained', mean: 114.1, spread: 4 },
    { label: 'oracle', mean: 123.7, spread: 3.8 },
  ],
}
const scored = {
  ...COMPARISON,
  groups: COMPARISON.groups.map((group) => ({
    ...group,
    metrics: [
      { key: ROBUSTNESS, n: 2, mean: 105.5, sem: 1, interval: [103, 108] as [number, number], delta: null },
    ],
  })),
}
const page = (families: (typeof FAMILY)[], comparison = scored) =>
  show(PublishedBands, { answers: { 'family.list': () => families }, props: { comparison } })

it('shows the figures of the authors as theirs beside those of the runs', async () => {
  const { text } = await page([{ ...FAMILY, published }])
  const rows = within(byRole('region', /published figures/))
    .getAllByRole('row')
    .map(words)
  expect(rows.slice(2)).toEqual([
    expect.stringContaining('co-trained114.1 ± 4.0105.5 [103.0, 108.0], n = 2'),
    expect.stringContaining('oracle123.7 ± 3.8–'),
  ])
  expect(text()).toContain('published, at full scale')
  expect(text()).toContain('From the figure code.')
})

it('shows nothing for other families, nor against another baseline', async () => {
  await page([FAMILY])
  expect(screen.queryByRole('region')).toBeNull()
  await page([{ ...FAMILY, published }], { ...scored, baseline: 'bbbbbbbbb1' })
  expect(screen.queryByRole('region')).toBeNull()
})
