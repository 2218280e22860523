import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFamily, getFamily } from '../../../../../src-main/runs/families/families.ts'
import type { RecipeDeps } from '../../../../../src-main/runs/create/recipe-plan.ts'
import { familyReport } from '../../../../../src-main/runs/report/family-report.ts'
import { reportHtml, reportMarkdown } from '../../../../../src-main/runs/report/report-block.ts'
import type { Lab } from '../../../../support/lab.ts'
import { labs } from '../../../../support/lab.ts'
import { problemOf } from '../../../../support/problem-of.ts'

const lab = labs()
const presets = join(import.meta.dirname, '../../../../../configs')
const depsOf = ({ create, home }: Lab): RecipeDeps => ({ ...create, presets, folder: home })
const CLEAN = 'FinalTestInDomain/img_classification/eval'
const recipe = {
  name: 'Patience <b>pays</b>',
  question: 'Does patience pay?',
  baseline: {
    dataset: { fn: 'img_loader' },
    model: { fn: 'classification_cnn_builder' },
    trainer: { fn: 'cotrainer' },
  },
  list: [
    { label: 'short' },
    { label: 'long', patch: { 'trainer.patience': 9 } },
    { label: 'longer', patch: { 'trainer.patience': 30 } },
  ],
  compareTo: 'short',
  seeds: [1, 2],
}

/** A family whose runs have finished with these accuracies: short, long, longer; a seed each. */
async function finished(at: Lab, scores: readonly number[][]): Promise<string> {
  const { family } = await createFamily(depsOf(at), { recipe, inputs: {} }, { queue: true })
  for (const [setting, { runs }] of getFamily(depsOf(at), family).settings.entries())
    for (const { id, seed } of runs) {
      const value = scores[setting]?.[seed - 1]
      if (id !== null && value !== undefined)
        await at.store.write({
          ...at.store.read(id),
          status: 'finished',
          scores: { [CLEAN]: value },
          seconds: 60,
        })
    }
  return family
}

const reported = (at: Lab, name: string) =>
  familyReport(
    { ...depsOf(at), prepare: () => Promise.resolve(), now: new Date('2026-12-01T08:00:00Z') },
    name,
  )

describe('the report of a family', () => {
  it('says which settings can be told from the best over seeds, with n and intervals', async () => {
    const at = lab()
    // long and longer differ by +1 and -1 over the seeds: a tie; short is 10 and 10.2 below longer
    const name = await finished(at, [
      [80, 82.1],
      [91, 91],
      [90, 92],
    ])
    const { blocks } = await reported(at, name)
    const scores = blocks.find((b) => b.kind === 'table')
    expect(scores).toMatchObject({
      title: expect.stringMatching(/^Classification accuracy \(test.*more is better/),
    })
    expect(scores?.kind === 'table' ? scores.table.rows : []).toEqual([
      ['long', 2, '91.0', expect.any(String), expect.stringMatching(/^\+10\.0/), 'best mean'],
      [
        'longer',
        2,
        '91.0',
        '78.3 to 103.7',
        expect.stringMatching(/^\+10\.0 .*paired over 2 seeds$/),
        expect.stringMatching(/^tie: 0/),
      ],
      ['short', 2, '81.0', expect.any(String), 'baseline', expect.stringMatching(/^t/)],
    ])
  })

  it('has question, answers, settings, methods and recipe, in HTML without scripts and in Markdown', async () => {
    const at = lab()
    const name = await finished(at, [[80, 82], [91, 91.5], []])
    const report = await reported(at, name)
    const [html, markdown] = [reportHtml(report), reportMarkdown(report)]
    for (const text of [html, markdown]) {
      expect(text).toContain('Does patience pay?')
      expect(text).toContain('Runs: 4 finished, 2 queued.')
      expect(text).toContain('4 networks were trained')
      expect(text).toContain('compareTo: short')
      expect(text).toMatch(/Long is \d+\.\d points more accurate than short/)
    }
    expect(html).toContain('Patience &lt;b&gt;pays&lt;/b&gt;')
    expect(html).not.toMatch(/<(script|b)\b|src=|href=/)
    expect(markdown).toContain('# Patience \\<b\\>pays')
    expect(markdown).toContain('\n\n## Methods\n\n')
  })

  it('refuses a family of which nothing has finished, and says what to do', async () => {
    const at = lab()
    const name = await finished(at, [])
    expect(await problemOf(() => reported(at, name))).toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('no run of this family has finished'),
      hint: `Train it first: cotrain family ${name} --continue.`,
    })
  })
})
