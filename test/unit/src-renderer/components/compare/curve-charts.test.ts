import { describe, expect, it } from 'vitest'
import { curveKeys, firstKeys } from '../../../../../src-renderer/components/compare/curve-keys.ts'
import type { CurveLook } from '../../../../../src-renderer/components/compare/curve-charts.ts'
import { seriesOf } from '../../../../../src-renderer/components/compare/curve-charts.ts'
import { styleOf } from '../../../../../src-renderer/components/charts/series-style.ts'
import { compareRuns } from '../../../../support/fake-renderer/made-up-comparison.ts'
import { curveOf } from '../../../../support/fake-renderer/made-up-results.ts'
import { manyRuns } from '../../../../support/fake-renderer/made-up-runs.ts'

const KEY = 'Validation/img_classification/eval'
const runs = manyRuns(6)
const comparison = compareRuns(runs, null)
const curves = runs.map((r) => curveOf(r, KEY, 100)!)
const look: CurveLook = {
  axis: 'epoch',
  smoothing: 0,
  grouping: 'runs',
  spread: 'sd',
  hidden: new Set(),
  hovered: null,
}

describe('seriesOf', () => {
  it('draws one line per run and names the seed where names repeat', () => {
    const series = seriesOf(curves, comparison, look, () => styleOf(0))
    expect(series).toHaveLength(6)
    expect(series[0]?.label).toBe('baseline, patience 4, seed 1000')
  })

  it('draws one line per setting with its number of seeds', () => {
    const series = seriesOf(curves, comparison, { ...look, grouping: 'seeds' }, () => styleOf(0))
    expect(series.map((s) => s.label)).toContain('baseline, patience 4 (n = 2)')
    expect(series.every((s) => s.band !== undefined)).toBe(true)
  })

  it('leaves hidden runs out and fades all but the one looked at', () => {
    const [first, second] = runs.map((r) => r.summary.id)
    const series = seriesOf(
      curves,
      comparison,
      { ...look, hidden: new Set([first!]), hovered: second! },
      () => styleOf(0),
    )
    expect(series).toHaveLength(5)
    expect(series.filter((s) => s.faded !== true).map((s) => s.id)).toEqual([second])
  })
})

it('opens few charts, however many metrics there are', () => {
  const many = Array.from({ length: 2000 }, (_, i) => `Training/unit_${i}/loss`)
  const keys = curveKeys(
    runs.map((r) => r.summary),
    [...many, 'FinalTest/v1/eval', KEY],
  )
  expect(keys[0]).toBe(KEY)
  expect(keys).not.toContain('FinalTest/v1/eval')
  expect(firstKeys(keys)).toHaveLength(4)
})
