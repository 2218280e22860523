import { describe, expect, it } from 'vitest'
import { compareColumns } from '../../../../../../src-renderer/features/compare/table/compare-columns.ts'
import { compareRows } from '../../../../../../src-renderer/features/compare/table/compare-rows.ts'
import type { Shown } from '../../../../../../src-renderer/features/compare/table/shown-table.ts'
import {
  deviationTable,
  paperCard,
} from '../../../../../../src-renderer/features/compare/paper/paper-card.ts'
import { compareRuns } from '../../../../../support/fake-renderer/made-up-comparison.ts'
import { demoRuns, detailOf } from '../../../../../support/fake-renderer/made-up-runs.ts'

const runs = demoRuns().slice(0, 3)
const details = runs.map((r) => detailOf(r, []))
const comparison = compareRuns(runs, runs[0]!.summary.id)
const shownOf = (c: typeof comparison): Shown => ({
  comparison: c,
  grouping: 'runs',
  spread: 'sem',
  rows: compareRows(c, 'runs'),
  columns: compareColumns(c, 'runs', { isShown: () => true }),
})
const shown = shownOf(comparison)
const figures = [{ name: 'figure', caption: 'Accuracy <over> training', svg: '<svg id="figure"></svg>' }]
const html = paperCard({ shown, details, figures, now: Date.UTC(2026, 0, 5) })

describe('paperCard', () => {
  it('holds scores, settings, figures, configs, seeds, versions and data hashes', () => {
    for (const part of [
      'Classification accuracy (test) [%]',
      '<td>Data set</td><td class="path">dataset.fn</td><td class="n">Images</td>',
      '<svg id="figure">',
      'Accuracy &lt;over&gt; training',
      'Deviations from the defaults',
      'fn: cotrainer',
      '1000',
      'CoTrain 0.1.0',
      details[0]!.dataFingerprint!,
      '5 Jan 2026',
    ])
      expect(html).toContain(part)
  })

  it('needs no network', () => {
    expect(html).not.toMatch(/(src|href)=|https?:/)
    expect(html).toContain("default-src 'none'")
  })

  it('draws each row of the scores as it is drawn in the figures', () => {
    const mark = (id: string): string => `<svg class="mark" id="${id}"></svg>`
    const marked = paperCard({ shown, details, figures, mark, now: 0 })
    for (const { summary } of runs)
      expect(marked).toContain(`<td><svg class="mark" id="${summary.id}"></svg>${summary.name}</td>`)
    expect(marked.match(/class="mark"/g)).toHaveLength(runs.length)
  })

  it('escapes names', () => {
    const [first, ...rest] = comparison.runs
    const evil = { ...comparison, runs: [{ ...first!, name: '<img onerror=x>' }, ...rest] }
    expect(paperCard({ shown: shownOf(evil), details, figures: [], now: 0 })).not.toContain('<img')
  })

  it('lists each deviation once, with the settings that have it', () => {
    const { header, rows } = deviationTable(details)
    expect(header).toEqual(['Option', 'In the config', 'Value', 'Settings'])
    expect(new Set(rows.map((r) => `${r[1]} ${r[2]}`)).size).toBe(rows.length)
    expect(rows.some((r) => r[1] === 'seed')).toBe(false)
    expect(rows).toContainEqual([
      'Losses: classification',
      'trainer.config.loss_functions.img_classification',
      'cross entropy',
      details
        .slice(1)
        .map(({ summary }) => summary.name)
        .join('; '),
    ])
  })

  it('claims nothing about single runs', () => {
    expect(html).toContain('differences carry no interval')
  })
})
