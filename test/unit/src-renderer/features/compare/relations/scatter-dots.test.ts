import { describe, expect, it } from 'vitest'
import type { Quantity } from '../../../../../../src-renderer/features/compare/relations/quantities.ts'
import {
  SETTING,
  quantitiesOf,
} from '../../../../../../src-renderer/features/compare/relations/quantities.ts'
import {
  baselineValue,
  rowDots,
  runDots,
  settingDots,
  wordGroups,
} from '../../../../../../src-renderer/features/compare/relations/scatter-dots.ts'
import { compareRuns } from '../../../../../support/fake-renderer/made-up-comparison.ts'
import { manyRuns } from '../../../../../support/fake-renderer/made-up-runs.ts'

const plain = compareRuns(manyRuns(6), null)
const style = () => ({ token: '--c0', dash: [], marker: 'circle' as const })
const group = plain.groups.find((g) => g.ids.length > 1)
const members = plain.runs.flatMap((r, i) => (group?.ids.includes(r.id) ? [i] : []))
const q = (id: string, of: (i: number) => number | null): Quantity => ({
  id,
  label: id,
  kind: 'score',
  values: plain.runs.map((_, i) => of(i)),
  names: null,
})
const setting = quantitiesOf(plain).find((x) => x.id === SETTING)
/** 10, 20, 30 ... for the seeds of the setting, nothing for other runs. */
const score = q('score', (i) => (members.includes(i) ? 10 * (members.indexOf(i) + 1) : null))
const fixed = q('lr', () => 0.1)

it('has a point for each run with both numbers', () => {
  const dots = runDots(plain, { across: fixed, up: score, level: score }, style)
  expect(dots.map((d) => [d.x, d.y, d.level])).toEqual(
    members.map((_, k) => [0.1, 10 * (k + 1), 10 * (k + 1)]),
  )
})

describe('settings', () => {
  const mean = (10 * (members.length + 1)) / 2

  it('are means with bars only where values spread', () => {
    const [dot, ...rest] = settingDots(plain, { across: fixed, up: score, level: null }, 'range', style)
    expect(rest).toEqual([])
    expect(dot).toMatchObject({ x: 0.1, y: mean, yLow: 10, yHigh: 10 * members.length })
    expect(dot).not.toHaveProperty('xLow')
    expect(dot?.label).toContain(`mean of ${members.length} seeds`)
  })

  it('stand in the row of their word with the single seeds beneath', () => {
    const dots = rowDots(plain, setting as Quantity, score, 'range', style)
    expect(dots.filter((d) => d.isFaint)).toHaveLength(members.length)
    const bar = dots.find((d) => d.isFaint !== true)
    expect(bar).toMatchObject({ x: mean, xLow: 10, xHigh: 10 * members.length })
    expect(setting?.names?.[bar?.y ?? -1]).toBe(group?.name)
  })
})

it('groups runs by word, without words that have no value', () => {
  const [box, ...rest] = wordGroups(plain, setting as Quantity, score, style)
  expect(rest).toEqual([])
  expect(box?.label).toContain(`n = ${members.length}`)
  expect(box?.ids).toEqual(members.map((i) => plain.runs[i]?.id))
})

it('reads the baseline from the run, or from its setting over seeds', () => {
  const c = { ...plain, baseline: plain.runs[members[0] ?? 0]?.id ?? '' }
  expect(baselineValue(c, score, false)).toBe(10)
  expect(baselineValue(c, score, true)).toBe((10 * (members.length + 1)) / 2)
  expect(baselineValue(plain, score, true)).toBeNull()
})
