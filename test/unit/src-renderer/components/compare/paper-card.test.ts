import { describe, expect, it } from 'vitest'
import { methodsText, paperCard } from '../../../../../src-renderer/components/compare/paper-card.ts'
import { compareRuns } from '../../../../support/fake-renderer/made-up-comparison.ts'
import { demoRuns, detailOf } from '../../../../support/fake-renderer/made-up-runs.ts'

const runs = demoRuns().slice(0, 3)
const details = runs.map((r) => detailOf(r, []))
const comparison = compareRuns(runs, runs[0]!.summary.id)
const html = paperCard({
  comparison,
  grouping: 'runs',
  details,
  figures: ['<svg id="figure"></svg>'],
  now: Date.UTC(2026, 0, 5),
})

describe('paperCard', () => {
  it('holds scores, settings, figures, configs, seeds, versions and data hashes', () => {
    for (const part of [
      'Classification accuracy (test), %',
      'dataset.fn',
      '<svg id="figure">',
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

  it('escapes names', () => {
    const [first, ...rest] = comparison.runs
    const evil = { ...comparison, runs: [{ ...first!, name: '<img onerror=x>' }, ...rest] }
    expect(paperCard({ comparison: evil, grouping: 'runs', details, figures: [], now: 0 })).not.toContain(
      '<img',
    )
  })

  it('claims nothing about single runs', () => {
    expect(html).toContain('differences carry no interval')
  })
})

it('states in the methods only what was recorded', () => {
  expect(methodsText(details)).toContain(
    '3 networks (mtl_builder) were trained on img_loader and mtl_loader with cotrainer, with 1 seed.',
  )
  expect(methodsText(details.map((d) => ({ ...d, environment: null })))).not.toContain('Computations')
})
