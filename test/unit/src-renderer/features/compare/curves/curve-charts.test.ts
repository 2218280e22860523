import { describe, expect, it } from 'vitest'
import { curveKeys, firstKeys } from '../../../../../../src-renderer/features/compare/curves/curve-keys.ts'
import type { CurveLook } from '../../../../../../src-renderer/features/compare/curves/curve-charts.ts'
import {
  absentNote,
  droppingNote,
  legendOf,
  seriesOf,
} from '../../../../../../src-renderer/features/compare/curves/curve-charts.ts'
import { MANY_LINES, stressed } from '../../../../../../src-renderer/ui/charts/line/stressed.ts'
import type { SeriesStyle } from '../../../../../../src-renderer/format/series-style.ts'
import { styleOf } from '../../../../../../src-renderer/format/series-style.ts'
import { compareRuns } from '../../../../../support/fake-renderer/made-up-comparison.ts'
import { curveOf } from '../../../../../support/fake-renderer/made-up-results.ts'
import { manyRuns } from '../../../../../support/fake-renderer/made-up-runs.ts'

const KEY = 'Validation/img_classification/eval'
const runs = manyRuns(6)
const comparison = compareRuns(runs, null)
const curves = runs.map((r) => curveOf(r, KEY, 100)!)
const look: CurveLook = {
  axis: 'epoch',
  grouping: 'runs',
  spread: 'sd',
  hidden: new Set(),
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

  it('draws the further seeds of a setting thinner, not in another colour', () => {
    const series = seriesOf(curves, comparison, look, () => styleOf(0))
    const seen = new Set<string>()
    const further = runs.map(({ summary }) => seen.size === seen.add(summary.groupId).size)
    expect(further.filter(Boolean)).toHaveLength(6 - comparison.groups.length)
    expect(series.map((s) => s.isFurther)).toEqual(further)
  })

  it('leaves hidden runs out and fades all but the one looked at', () => {
    const [first, second] = runs.map((r) => r.summary.id)
    const shown = seriesOf(curves, comparison, { ...look, hidden: new Set([first!]) }, () => styleOf(0))
    const series = stressed(shown, second!)
    expect(series).toHaveLength(5)
    expect(series.filter((s) => s.faded !== true).map((s) => s.id)).toEqual([second])
  })
})

describe('many lines', () => {
  const many = manyRuns(30)
  const compared = compareRuns(many, null)
  const all = many.map((r) => curveOf(r, KEY, 50)!)

  it('are quiet until one is looked at, which is drawn strongly', () => {
    const lines = seriesOf(all, compared, look, () => styleOf(0))
    const series = stressed(lines, null)
    expect(series.length).toBeGreaterThan(MANY_LINES)
    expect(series.every((s) => s.stress === 'quiet' && s.faded !== true)).toBe(true)
    const one = series[3]!.id
    const looked = stressed(lines, one)
    expect(looked.filter((s) => s.stress === 'strong').map((s) => s.id)).toEqual([one])
    expect(looked.filter((s) => !s.faded)).toHaveLength(1)
  })
})

describe('the legend', () => {
  it('lists what is drawn: runs, or settings with their number of seeds', () => {
    expect(legendOf(comparison, 'runs', () => styleOf(0))).toHaveLength(6)
    const groups = legendOf(comparison, 'seeds', () => styleOf(0))
    expect(groups.map((g) => g.id)).toEqual(comparison.groups.map((g) => g.groupId))
    expect(groups[0]?.detail).toBe('n = 2')
  })

  it('has the styles of the lines, which are those of the settings', () => {
    const ids = comparison.groups.map((g) => g.groupId)
    const style = (id: string) => styleOf(ids.indexOf(id))
    const lines = seriesOf(curves, comparison, { ...look, grouping: 'seeds' }, style)
    const styles = ids.map((_, i) => styleOf(i))
    const styled = ({ token, dash, marker }: Partial<SeriesStyle>) => ({ token, dash, marker })
    expect(lines.map(styled)).toEqual(styles)
    expect(legendOf(comparison, 'seeds', style).map(styled)).toEqual(styles)
  })
})

describe('absentNote', () => {
  const legend = legendOf(comparison, 'runs', () => styleOf(0))
  const [first, second] = legend

  it('names what has no such curve, with the seed where names repeat', () => {
    expect(absentNote(curves, legend, new Set())).toBe('')
    expect(absentNote(curves.slice(1), legend, new Set())).toBe(
      `left out, without this curve: ${first?.name}`,
    )
    const twins = legend.filter((e) => e.name === first?.name)
    expect(twins).toHaveLength(2)
    const others = curves.filter((c) => !twins.some((e) => e.id === c.id))
    expect(absentNote(others, legend, new Set())).toBe(
      `left out, without this curve: ${twins.map((e) => `${e.name}, ${e.detail}`).join('; ')}`,
    )
  })

  it('does not name what is hidden anyway', () => {
    expect(absentNote(curves.slice(2), legend, new Set([first?.id ?? '']))).toBe(
      `left out, without this curve: ${second?.name}`,
    )
  })
})

describe('droppingNote', () => {
  const short = curves.map((c, i) =>
    i === 0 ? { ...c, epoch: c.epoch.slice(0, 4), value: c.value.slice(0, 4) } : c,
  )

  it('says from where on fewer runs are behind the mean', () => {
    const text = droppingNote(short, comparison, { ...look, grouping: 'seeds' }, String)
    expect(text).toMatch(/^n drops from \d+ on/)
    expect(droppingNote(curves, comparison, { ...look, grouping: 'seeds' }, String)).toBe('')
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
