import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { h } from 'vue'
import FamilyAnswers from '../../../../src-renderer/features/family/FamilyAnswers.vue'
import FamiliesView from '../../../../src-renderer/features/family/FamiliesView.vue'
import FamilyView from '../../../../src-renderer/features/family/FamilyView.vue'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'
import { choose } from '../compare/compare-page.ts'
import { COMPARISON, words } from '../compare/small-comparison.ts'
import { catchFiles } from '../../ui/charts/saved-files.ts'
import { ALONE, FAMILY, FINISHED, answersWith } from './small-family.ts'

const page = (answers: Answers = answersWith()) =>
  show(inMotion({ render: () => h(FamilyView, { name: FAMILY.name }) }), { answers })
const of = (at: number, change: Partial<RunSummary>): RunSummary[] =>
  FINISHED.map((run, i) => (i === at ? { ...run, ...change } : run))
const sentence =
  'Co-trained is 2.0 points more accurate than pictures alone, 95 % interval +0.5 to +3.5, paired over 2 seeds: settled.'
const open = {
  ...COMPARISON,
  groups: COMPARISON.groups.map((g) => ({
    ...g,
    metrics: g.metrics.map((m) =>
      m.delta === null
        ? m
        : { ...m, delta: { ...m.delta, low: -1, high: 5, outlook: { kind: 'seeds' as const, more: 3 } } },
    ),
  })),
}

describe('the page of a family', () => {
  it('has the question, what the runs say, and the scores over seeds with metric, split and n', async () => {
    const { paramsOf, text } = await page()
    expect(words(byRole('heading', FAMILY.title))).toBe(FAMILY.title)
    expect(text()).toContain(FAMILY.question)
    expect(paramsOf('compare.table').at(-1)).toMatchObject({
      ids: ['aaaaaaaaa1', 'aaaaaaaaa2', 'bbbbbbbbb1', 'bbbbbbbbb2'],
      baseline: 'aaaaaaaaa1',
    })
    const said = within(byRole('region', 'What the runs say')).getByText(sentence)
    expect(said.dataset['verdict']).toBe('better')
    const settings = byRole('region', 'Settings')
    expect(words(within(settings).getByRole('row', { name: /^co-trained/ }))).toContain('96.5 n = 2')
    expect(words(settings)).toContain('Accuracy: Classification accuracy (test), %')
    expect(text()).toContain('4 of 4 runs finished.')
    expect(screen.queryByRole('progressbar')).toBeNull()
  })

  it('offers the number of seeds that would do, and queues them by keyboard', async () => {
    const { user, paramsOf } = await page({ ...answersWith(), 'compare.table': () => open })
    byRole('button', 'Add 3 more seeds').focus()
    await user.keyboard('{Enter}')
    await settled()
    expect(paramsOf('family.addSeeds')).toEqual([{ name: FAMILY.name, seeds: [1000, 2000, 3000] }])
    const said = within(byRole('region', 'What the runs say')).getByText(
      /not settled; about 3 more seeds would do/,
    )
    expect(said.dataset['verdict']).toBe('open')
    expect(said.className).not.toContain('settled')
  })

  it('advises no seeds beyond those that are still to come', async () => {
    const waiting = [3, 4].map((seed) => ({
      ...FINISHED[0]!,
      id: `ccccccccc${seed}`,
      seed,
      status: 'queued' as const,
    }))
    const settings = FAMILY.settings.map((s) => ({
      ...s,
      runs: [...s.runs, ...waiting.map(({ seed, id, status }) => ({ seed, id, status, ...ALONE }))],
    }))
    const answers = answersWith([...FINISHED, ...waiting], { ...FAMILY, seeds: [1, 2, 3, 4], settings })
    await page({ ...answers, 'compare.table': () => open })
    expect(byRole('button', 'Add 1 more seed')).toBeDefined()
  })

  it('leads to Compare over seeds with the baseline of the family', async () => {
    await page()
    expect(byRole('link', 'Compare over seeds').getAttribute('href')).toBe(
      '/compare?runs=aaaaaaaaa1,aaaaaaaaa2,bbbbbbbbb1,bbbbbbbbb2&baseline=aaaaaaaaa1&group=seeds',
    )
  })

  it('saves the report that the service makes, as text or as a page', async () => {
    const saved = catchFiles()
    const shown = await page({
      ...answersWith(),
      'family.report': ({ format }) => ({
        name: `${FAMILY.name}.md`,
        mime: 'text/markdown',
        text: `# ${format}`,
      }),
    })
    await choose(shown, 'Report', 'Report as text (Markdown)')
    await settled()
    const { name, text } = await saved.only()
    saved.restore()
    expect([name, text]).toEqual(['does-it-help.md', '# markdown'])
    expect(shown.paramsOf('family.report')).toEqual([{ name: FAMILY.name, format: 'markdown' }])
  })

  it('says how far it is while nothing has finished', async () => {
    const waiting = FINISHED.map((run) => ({ ...run, status: 'queued' as const, scores: {} }))
    const { text, paramsOf } = await page(answersWith(waiting))
    expect(text()).toContain('0 of 4 runs finished, 4 queued.')
    expect(byRole('progressbar', 'Progress of the family').getAttribute('aria-valuenow')).toBe('0')
    expect(text()).toContain('Nothing yet: it needs a finished run of “pictures alone”')
    expect(paramsOf('compare.table')).toEqual([])
    expect(byRole('button', 'Paper card').title).toBe('No run has finished yet')
    expect(screen.queryByRole('link', { name: 'Compare over seeds' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Report' })).toBeNull()
  })

  it('says how long the rest takes by what finished runs took', async () => {
    const { text } = await page(answersWith(of(3, { status: 'queued' })))
    expect(text()).toContain('3 of 4 runs finished, 1 queued; about 10 min left, one run after another.')
    expect(byRole('progressbar', 'Progress of the family').getAttribute('aria-valuenow')).toBe('75')
  })

  it('names runs that failed with the reason, and tries again', async () => {
    const problem = { code: 'disk-full', message: 'The disk is full.', hint: 'Free 2 GiB.' }
    const { user, paramsOf, text } = await page(answersWith(of(2, { status: 'failed', problem })))
    expect(text()).toContain('The disk is full. Free 2 GiB.')
    await user.click(byRole('button', 'Try again: co-trained, seed 1'))
    expect(paramsOf('queue.retry')).toEqual([{ id: 'bbbbbbbbb1' }])
  })

  it('offers a copy of a run that diverged, which no second try would mend', async () => {
    await page(answersWith(of(2, { status: 'diverged' })))
    const failures = within(byRole('region', 'Not finished'))
    expect(failures.queryByRole('button')).toBeNull()
    expect(failures.getByRole('link', { name: 'Mend a copy' }).getAttribute('href')).toBe(
      '/edit?from=bbbbbbbbb1',
    )
  })

  it('queues what is missing of it', async () => {
    const settings = FAMILY.settings.map((s) => ({
      ...s,
      runs: [...s.runs, { seed: 3, id: null, status: null, ...ALONE }],
    }))
    const { user, paramsOf } = await page(answersWith(FINISHED, { ...FAMILY, settings }))
    await user.click(byRole('button', 'Queue the 2 missing runs'))
    expect(paramsOf('family.addSeeds')).toEqual([{ name: FAMILY.name, seeds: [] }])
  })

  it('names settings that were still at their best in the last epoch', async () => {
    const end = { reason: 'all-epochs' as const, epoch: 9, scoredEpoch: 9, divergence: null, untrained: [] }
    await page(answersWith(of(2, { end })))
    expect(byRole('link', 'train co-trained longer').getAttribute('href')).toBe('/edit?from=bbbbbbbbb1')
  })

  it('asks for no longer training of what was best before its last epoch', async () => {
    const end = { reason: 'all-epochs' as const, epoch: 9, scoredEpoch: 5, divergence: null, untrained: [] }
    const { text } = await page(answersWith(of(2, { end })))
    expect(text()).not.toContain('longer')
  })

  it('says that no baseline is named', async () => {
    const { text } = await page(answersWith(FINISHED, { ...FAMILY, baseline: null }))
    expect(text()).toContain('The recipe names no setting to compare with')
  })

  it('says what is wrong with its file, and can be asked again', async () => {
    let isDamaged = true
    const { user, text } = await page({
      ...answersWith(),
      'family.get': () => {
        if (isDamaged)
          throw new CotrainError({
            code: 'config-invalid',
            path: 'axes',
            message: 'is no list.',
            hint: 'Mend it.',
          })
        return FAMILY
      },
    })
    expect(words(screen.getByRole('alert'))).toContain('This family cannot be read')
    expect(text()).toContain('is no list.')
    isDamaged = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(screen.queryByRole('alert')).toBeNull()
    expect(text()).toContain(FAMILY.question)
  })
})

describe('the list of families', () => {
  it('has each with its one-line answer, damaged ones with their problem', async () => {
    const problem = { code: 'config-invalid', message: 'axes is no list.' }
    const damaged = { ...FAMILY, name: 'damaged', title: 'damaged', settings: [], problem }
    await show(inMotion(FamiliesView), {
      answers: { ...answersWith(), 'family.list': () => [FAMILY, damaged] },
    })
    const [first, second] = screen.getAllByRole('listitem').map(words)
    expect(first).toContain(sentence)
    expect(first).toContain('Classification accuracy (test).')
    expect(second).toBe('damagedaxes is no list.')
    expect(byRole('link', FAMILY.title).getAttribute('href')).toBe('/families/does-it-help')
  })

  it('says that there is none yet', async () => {
    const { text } = await show(inMotion(FamiliesView), {})
    expect(text()).toContain('No family yet')
  })
})

it('does not say that there is no answer while the runs are being compared', async () => {
  const { text } = await show(FamilyAnswers, {
    props: { answers: [], baseline: 'pictures alone', isLoading: true },
  })
  expect(text()).toContain('Loading the comparison')
  expect(text()).not.toContain('Nothing yet')
})
