import { configure, waitFor } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { useToasts } from '../../../../src-renderer/stores/toasts.ts'
import { demoRuns, detailOf } from '../../../support/fake-renderer/made-up-runs.ts'
import type { Answers, Shown } from '../../../support/show.ts'
import { byRole, settled } from '../../../support/show.ts'
import { catchFiles } from '../../ui/charts/saved-files.ts'
import { laidOut } from '../laid-out.ts'
import { ALL, IDS, choose, opened, query, refuse } from './compare-page.ts'

configure({ asyncUtilTimeout: 10_000 })
laidOut()

describe('what can be done with a row of a comparison', () => {
  it('leaves a run out, pins one, and goes to its page or to a new experiment', async () => {
    const page = await opened(ALL)
    await choose(page, 'Actions for plain', 'Leave this run out')
    expect(query(page).get('runs')).toBe(IDS.slice(1).join(','))
    await choose(page, 'Actions for joint', 'Pin as baseline')
    expect(query(page).get('baseline')).toBe('bbbbbbbbb1')
    await choose(page, 'Actions for joint', 'Unpin the baseline')
    expect(query(page).get('baseline')).toBeNull()
    await choose(page, 'Actions for joint', 'New experiment from this')
    expect(page.where()).toBe('/edit?from=bbbbbbbbb1')
  })

  it('adds all seeds of a setting', async () => {
    const page = await opened('/compare?runs=bbbbbbbbb1')
    await choose(page, 'Actions for joint', 'Add all seeds of this setting')
    expect(query(page).get('runs')).toBe('bbbbbbbbb1,bbbbbbbbb2')
  })

  it('ignores an option, with a word on it, and heeds it again', async () => {
    const page = await opened(`${ALL}&tab=options`)
    await choose(page, 'Actions for Patience', 'Ignore this option')
    expect(page.paramsOf('ui.set').find(({ key }) => key === 'compare.ignored')?.value).toEqual([
      'trainer.config.patience',
    ])
    expect(page.text()).toContain('These runs differ in the seed only.')
    await page.user.click(byRole('button', 'Heed them again'))
    expect(page.text()).toContain('One option differs')
  })

  const config = demoRuns()
    .slice(0, 1)
    .map((run) => detailOf(run, []))[0]
  const made = (seed: unknown): string => String(seed).padStart(10, '0')
  const seedOf = (given: unknown): unknown => (given as { seed?: unknown }).seed
  const creating: Answers = {
    'runs.get': () => config ?? refuse('there is a demo run'),
    'runs.create': ({ config: given }) => ({ id: made(seedOf(given)), created: true, status: 'queued' }),
  }

  it('queues the seeds that a setting lacks and takes them into the comparison', async () => {
    const page = await opened(`${ALL}&group=seeds`, creating)
    await choose(page, 'Actions for joint', 'Complete to 5 seeds')
    expect(page.paramsOf('runs.create').map((p) => seedOf(p.config))).toEqual([1000, 2000, 3000])
    expect(query(page).get('runs')).toBe([...IDS, ...[1000, 2000, 3000].map(made)].join(','))
    await waitFor(() => expect(page.text()).toContain('3 seeds queued'))
  })

  it('shows why no seed could be queued', async () => {
    const page = await opened(`${ALL}&group=seeds`, {
      ...creating,
      'runs.create': () => refuse('The disk is full.'),
    })
    await choose(page, 'Actions for joint', 'Complete to 5 seeds')
    expect(page.text()).toContain('The disk is full.Look at the log.')
    expect(query(page).get('runs')).toBe(IDS.join(','))
  })

  it('does not call seeds queued that were there already', async () => {
    const page = await opened(`${ALL}&group=seeds`, {
      ...creating,
      'runs.create': ({ config: given }) => ({
        id: made(seedOf(given)),
        created: seedOf(given) === 1000,
        status: 'queued',
      }),
    })
    await choose(page, 'Actions for joint', 'Complete to 5 seeds')
    await waitFor(() => expect(page.text()).toMatch(/seeds? queued/))
    expect(page.text()).not.toContain('3 seeds queued')
    expect(page.text()).toContain('1 seed queued')
    expect(useToasts().toasts.map(({ text }) => text)).toEqual(['2 seeds were there already.'])
  })

  it('takes the seeds that were queued into the comparison when a later one is refused', async () => {
    const page = await opened(`${ALL}&group=seeds`, {
      ...creating,
      'runs.create': ({ config: given }) =>
        seedOf(given) === 3000
          ? refuse('The disk is full.')
          : { id: made(seedOf(given)), created: true, status: 'queued' },
    })
    await choose(page, 'Actions for joint', 'Complete to 5 seeds')
    expect(query(page).get('runs')).toContain(made(1000))
    expect(page.text()).toContain('The disk is full.')
    await waitFor(() => expect(page.text()).toContain('2 seeds queued'))
  })
})

describe('saved views of a comparison', () => {
  const save = async (page: Shown, name: string): Promise<void> => {
    await choose(page, 'Views', 'Save this view')
    await page.user.type(byRole('textbox', 'Name'), `${name}{Enter}`)
    await settled()
  }
  const kept = (page: Shown): unknown =>
    (page.paramsOf('ui.set').findLast(({ key }) => key === 'views')?.value as { name: string }[]).map(
      (v) => v.name,
    )

  it('are kept by the service and opened again', async () => {
    const page = await opened(`${ALL}&group=seeds&tab=options`)
    await save(page, 'main result')
    expect(kept(page)).toEqual(['main result'])
    await page.user.click(byRole('tab', 'Table'))
    await page.user.click(byRole('radio', 'Single runs'))
    await choose(page, 'Views', 'main result')
    expect(Object.fromEntries(query(page))).toMatchObject({ group: 'seeds', tab: 'options' })
  })

  it('are renamed, removed and brought back', async () => {
    const page = await opened(ALL)
    await save(page, 'first')
    await choose(page, 'Views', 'Rename or remove views')
    const field = byRole('textbox', 'Name of first')
    await page.user.clear(field)
    await page.user.type(field, 'second{Tab}')
    expect(kept(page)).toEqual(['second'])
    await page.user.click(byRole('button', 'Remove second'))
    expect(kept(page)).toEqual([])
    await page.user.click(byRole('button', 'Undo'))
    expect(kept(page)).toEqual(['second'])
  })

  it('lose nothing that was saved between a removal and its undo', async () => {
    const page = await opened(ALL)
    await save(page, 'first')
    await choose(page, 'Views', 'Rename or remove views')
    await page.user.click(byRole('button', 'Remove first'))
    await page.user.keyboard('{Escape}')
    await save(page, 'second')
    await choose(page, 'Views', 'Rename or remove views')
    await page.user.click(byRole('button', 'Undo'))
    expect(kept(page)).toEqual(expect.arrayContaining(['first', 'second']))
  })

  it('do not lose a view to another one that is given its name', async () => {
    const page = await opened(ALL)
    await save(page, 'first')
    await save(page, 'second')
    await choose(page, 'Views', 'Rename or remove views')
    const field = byRole('textbox', 'Name of first')
    await page.user.clear(field)
    await page.user.type(field, 'second{Tab}')
    expect(kept(page)).toHaveLength(2)
  })

  it('are not offered while there is nothing to save or to rename', async () => {
    const page = await opened('/compare')
    await page.user.click(byRole('button', 'Views'))
    const facts = ['Save this view', 'Rename or remove views'].map((name) => byRole('menuitem', name).title)
    expect(facts).toEqual(['Choose runs first', 'No view is saved'])
  })
})

describe('files of a comparison', () => {
  it('have exactly the rows and columns on the screen', async () => {
    const saved = catchFiles()
    const page = await opened(`${ALL}&group=seeds&columns=-FinalTest/v1/eval`)
    await choose(page, 'Export', 'Table as CSV')
    const { name, text } = await saved.only()
    saved.restore()
    expect(name).toBe('cotrain-comparison.csv')
    const title = 'Classification accuracy (test) [%]'
    const heads = [title, 'n', 'standard error', 'delta', 'delta low', 'delta high'].map((h) =>
      h === title ? h : `${title} ${h}`,
    )
    expect(text.split('\r\n')).toEqual([
      `runs,setting,seeds,trainer.config.patience,${heads.join(',')}`,
      'aaaaaaaaa1 aaaaaaaaa2,plain,1 2,5,94.5,2,0.5,,,',
      'bbbbbbbbb1 bbbbbbbbb2,joint,1 2,9,96.5,2,0.5,2,0.5,3.5',
      '',
    ])
  })

  it('have a caption that says what the numbers are', async () => {
    const saved = catchFiles()
    const page = await opened(ALL)
    await choose(page, 'Export', 'Table as Markdown')
    const { name, text } = await saved.only()
    saved.restore()
    expect(name).toBe('cotrain-comparison.md')
    expect(text).toContain(
      'Scores: final evaluation; single runs, no intervals; differences to plain, seed 1.',
    )
    expect(text).toContain('96.0 (+2.0)')
  })
})
