import { strFromU8, unzipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import CompareView from '../../../../../src-renderer/features/compare/CompareView.vue'
import { demoRuns } from '../../../../support/fake-renderer/made-up-runs.ts'
import type { Answers, Shown } from '../../../../support/show.ts'
import { settled, show } from '../../../../support/show.ts'
import { drawCharts } from '../../../ui/charts/drawn-charts.ts'
import { catchFiles } from '../../../ui/charts/saved-files.ts'
import { inApp } from '../../in-app.ts'
import { laidOut } from '../../laid-out.ts'
import { choose, refuse } from '../compare-page.ts'

laidOut()

const runs = demoRuns().slice(0, 3)
const AT = `/compare?runs=${runs.map(({ summary }) => summary.id).join(',')}`
const folder = `runs/demo-baseline-seed-1000-${runs[0]?.summary.shortId}`
let saved = catchFiles()
let restore = drawCharts()
saved.restore()
restore()
beforeEach(() => {
  saved = catchFiles()
  restore = drawCharts()
})
afterEach(() => {
  saved.restore()
  restore()
})

const opened = async (answers: Answers = {}): Promise<Shown> => {
  const page = await show(inApp(CompareView), { answers, at: AT })
  await settled()
  return page
}
async function filesOf(name: string): Promise<Record<string, string>> {
  const [file] = await vi.waitUntil(() => (saved.files.length > 0 ? saved.files : null), { timeout: 20_000 })
  expect(file?.name).toBe(name)
  const bytes = new Uint8Array((await file?.content.arrayBuffer()) ?? new ArrayBuffer(0))
  return Object.fromEntries(Object.entries(unzipSync(bytes)).map(([path, data]) => [path, strFromU8(data)]))
}
const written = (svg = ''): (string | undefined)[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((m) => m[1])

describe('what a comparison gives to a paper', () => {
  it('is everything that the service said, as JSON', async () => {
    await choose(await opened(), 'Export', 'Everything as JSON')
    const { name, text } = await saved.only()
    expect(name).toBe('cotrain-comparison.json')
    const comparison = JSON.parse(text) as { runs: { id: string }[]; baseline: string }
    expect(comparison.runs.map((r) => r.id)).toEqual(runs.map(({ summary }) => summary.id))
    expect(comparison.baseline).toBe(runs[0]?.summary.id)
  })

  it('is a table for LaTeX with its caption as a comment', async () => {
    await choose(await opened(), 'Export', 'Table as LaTeX')
    const { name, text } = await saved.only()
    expect(name).toBe('cotrain-comparison.tex')
    expect(text).toMatch(
      /^% Scores: .*; single runs, no intervals; differences to demo baseline, seed 1000\. CoTrain/,
    )
    expect(text).toContain('demo shuffled control &')
  })

  it('is all charts as pictures that can be edited', async () => {
    await choose(await opened(), 'Export', 'All charts (SVG, zip)')
    const files = await filesOf('cotrain-charts.zip')
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        'curve-validation-img-classification-eval.svg',
        'curve-training-img-classification-loss.svg',
        'robustness-by-severity.svg',
        `robustness-${runs[0]?.summary.shortId}.svg`,
        'units.svg',
      ]),
    )
    expect(written(files['curve-validation-img-classification-eval.svg'])).toEqual(
      expect.arrayContaining(['demo baseline', 'demo co-trained', 'demo shuffled control', 'Epoch']),
    )
    expect(written(files['units.svg'])).toEqual(
      // A long title stands in two lines.
      expect.arrayContaining(['demo co-trained, seed 1000', 'demo shuffled', 'control, seed 1000']),
    )
  })

  it('is one page that needs no network', async () => {
    await choose(await opened(), 'Export', 'Paper card (HTML)')
    await vi.waitUntil(() => saved.files.length > 0, { timeout: 20_000 })
    const { name, type, text } = await saved.only()
    expect([name, type]).toEqual(['comparison.html', 'text/html'])
    const page = new DOMParser().parseFromString(text, 'text/html')
    expect([...page.querySelectorAll('h2')].map((h) => h.textContent)).toEqual([
      'Scores',
      'Settings that differ',
      'Figures',
      'Methods',
      'Deviations from the defaults',
      'Runs',
      'Configs',
    ])
    expect(page.querySelector('table')?.textContent).toContain('demo co-trained')
    expect(text).not.toMatch(/(src|href)="http/)
  })

  it('is a folder with the page, its figures and tables, and what every run was made with', async () => {
    await choose(await opened(), 'Export', 'Paper folder (zip)')
    const files = await filesOf('comparison.zip')
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        'comparison.html',
        'table.csv',
        'table.md',
        'table.tex',
        'methods.txt',
        'captions.txt',
        'figures/units.svg',
        `${folder}/config.yaml`,
        `${folder}/metrics.csv`,
      ]),
    )
    expect(files[`${folder}/config.yaml`]).toContain('name: demo baseline')
    expect(files['captions.txt']).toContain(
      'robustness-by-severity.svg: Accuracy by severity of the corruption',
    )
    expect(files['table.csv']).toContain('demo co-trained')
  })

  it('says what is being made for as long as it takes', async () => {
    let go: () => void = () => undefined
    const page = await opened({
      'runs.robustness': () => new Promise((_, reject) => (go = () => reject(new Error('late')))),
    })
    await choose(page, 'Export', 'All charts (SVG, zip)')
    expect(page.text()).toContain('Making the charts.')
    go()
    await settled()
    expect(page.text()).not.toContain('Making the charts.')
  })

  it('is not half made when the service refuses a part, which says why', async () => {
    const page = await opened({ 'runs.robustness': () => refuse('The result is damaged.') })
    await choose(page, 'Export', 'Paper folder (zip)')
    await vi.waitUntil(() => page.text().includes('The result is damaged.'), 20_000)
    expect(page.text()).toContain('Look at the log.')
    expect(page.text()).not.toContain('Making')
    expect(saved.files).toEqual([])
  })
})
