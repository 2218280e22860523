import { screen, within } from '@testing-library/dom'
import { describe, expect, it, vi } from 'vitest'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import DifferencesPanel from '../../../../../src-renderer/features/compare/differences/DifferencesPanel.vue'
import type { Shown, Showing } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'
import { COMPARISON, cells, words } from '../small-comparison.ts'

const props = { comparison: COMPARISON, grouping: 'runs', ignored: new Set<string>() }
const opened = (more: Record<string, unknown> = {}, given: Showing = {}): Promise<Shown> =>
  show(inApp(DifferencesPanel), { ...given, props: { ...props, ...more } })
const rows = (): string[][] => cells(screen.getByRole('table')).slice(1)
const every = [
  ...COMPARISON.differences,
  { path: 'model.config.width', values: [0.25, 0.25, 0.25, 0.25], defaults: [false, false, false, false] },
]
const otherModel = COMPARISON.runs.map((r, i) => (i < 2 ? r : { ...r, model: 'other' }))
const componentOfOne = [
  {
    path: 'model.fn',
    values: ['mtl_builder', 'mtl_builder', 'other', 'other'],
    defaults: [false, false, false, false],
  },
  {
    path: 'model.config.width',
    values: [0.25, 0.25, null, null],
    defaults: [false, false, false, false],
    absent: [false, false, true, true],
  },
]

describe('the options of compared runs', () => {
  it('stand side by side by part of the config, with defaults marked and the baseline named', async () => {
    const { text } = await opened()
    expect(rows()).toEqual([
      ['Trainer'],
      ['Patienceevaluations', '5default', '5default', '9', '9'],
      ['Run'],
      ['Seed', '1', '2', '1', '2'],
    ])
    const heads = screen.getAllByRole('columnheader').map(words)
    expect([heads[1], heads[3]]).toEqual(['plainseed 1 baseline', 'jointseed 1'])
    expect(text()).toContain('Bold: differs from the baseline.')
  })

  it('stand beside the first column where no baseline is pinned', async () => {
    const { text } = await opened({ comparison: { ...COMPARISON, baseline: null } })
    expect(words(screen.getAllByRole('columnheader')[1])).toBe('plainseed 1 first')
    expect(text()).toContain('Bold: differs from the first column.')
  })

  it('stand by setting over seeds, without the seed', async () => {
    await opened({ grouping: 'seeds' })
    expect(rows()).toEqual([['Trainer'], ['Patienceevaluations', '5default', '9']])
    expect(screen.getAllByRole('columnheader').slice(1, 3).map(words)).toEqual([
      'plainn = 2 baseline',
      'jointn = 2',
    ])
  })

  it('leave out what only follows from another component, unless all that differ are asked for', async () => {
    const { user } = await opened({
      comparison: { ...COMPARISON, runs: otherModel, differences: componentOfOne },
    })
    const labels = (): (string | undefined)[] => rows().map(([label]) => label)
    expect(labels()).toEqual(['Model', 'Model'])
    await user.click(byRole('radio', 'All that differ'))
    expect(labels()).toEqual(['Model', 'Model', 'Width'])
    expect(rows()[2]?.slice(1)).toEqual(['0.25', '0.25', 'not set', 'not set'])
  })

  it('are asked of the service when all are wanted, also the equal ones', async () => {
    const { user, paramsOf } = await opened({}, { answers: { 'compare.options': () => every } })
    expect(paramsOf('compare.options')).toEqual([])
    await user.click(byRole('radio', 'All'))
    await settled()
    expect(paramsOf('compare.options')).toEqual([{ ids: COMPARISON.runs.map((r) => r.id) }])
    expect(rows().map(([label]) => label)).toEqual([
      'Model',
      'Width',
      'Trainer',
      'Patienceevaluations',
      'Run',
      'Seed',
    ])
  })

  it('keep those that differ on the page when the service refuses to list all', async () => {
    const { user } = await opened(
      {},
      {
        answers: {
          'compare.options': () => {
            throw new CotrainError({ code: 'internal', message: 'A config is damaged.', hint: 'Look at it.' })
          },
        },
      },
    )
    await user.click(byRole('radio', 'All'))
    await settled()
    expect(words(screen.getByRole('alert'))).toBe('A config is damaged. Look at it.'.replace('. L', '.L'))
    expect(rows()[1]?.[0]).toBe('Patienceevaluations')
  })

  it('are found by a part of their path', async () => {
    const { user, text } = await opened()
    const search = byRole('searchbox', 'Search options')
    await user.type(search, 'TRAINER.config')
    expect(rows().map(([label]) => label)).toEqual(['Trainer', 'Patienceevaluations'])
    await user.type(search, ' nothing')
    expect(text()).toContain('No option matches')
    await user.click(byRole('button', 'Clear the search'))
    expect(rows()).toHaveLength(4)
  })

  it('can be ignored one by one and heeded again', async () => {
    const { user, emitted, change, text } = await opened()
    await user.click(byRole('button', 'Actions for Patience'))
    await user.click(byRole('menuitem', 'Ignore this option'))
    expect(emitted).toEqual([{ name: 'ignore', values: ['trainer.config.patience'] }])
    await change({ ignored: new Set(['trainer.config.patience']) })
    expect(rows().map(([label]) => label)).toEqual(['Run', 'Seed'])
    expect(text()).toContain('Ignored: Patience')
    await user.click(byRole('button', 'Heed them again'))
    expect(emitted.at(-1)).toEqual({ name: 'heed', values: [] })
  })

  it('are copied as a patch that turns the baseline into another run', async () => {
    const { user, text } = await opened()
    await user.click(byRole('button', 'Actions for joint, seed 2'))
    await user.click(byRole('menuitem', 'Copy as patch'))
    await settled()
    expect(await navigator.clipboard.readText()).toBe('trainer:\n  config:\n    patience: 9\nseed: 2\n')
    expect(text()).toContain('Copied')
  })

  it('are not said to be copied where the clipboard refuses', async () => {
    const { user, text } = await opened()
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValueOnce(new Error('denied'))
    await user.click(byRole('button', 'Actions for joint, seed 2'))
    await user.click(byRole('menuitem', 'Copy as patch'))
    await settled()
    expect(text()).toContain('The text could not be copied')
    expect(text()).not.toContain('Copied')
  })

  it('name options that are gone in a patch, and offer none for the baseline itself', async () => {
    const { user } = await opened({
      comparison: { ...COMPARISON, runs: otherModel, differences: componentOfOne },
    })
    await user.click(byRole('button', 'Actions for joint, seed 1'))
    await user.click(byRole('menuitem', 'Copy as patch'))
    await settled()
    expect(await navigator.clipboard.readText()).toBe('model:\n  fn: other\n# not set: model.config.width\n')
    await user.click(byRole('button', 'Actions for plain, seed 1'))
    const copy = byRole('menuitem', 'Copy as patch')
    expect([copy.getAttribute('aria-disabled'), copy.title]).toEqual([
      'true',
      'The others are compared with this one',
    ])
  })

  it('lead to a new experiment and to the run', async () => {
    const { user, emitted } = await opened()
    for (const label of ['New experiment from this', 'Open the run']) {
      await user.click(byRole('button', 'Actions for joint, seed 1'))
      await user.click(byRole('menuitem', label))
    }
    expect(emitted.map(({ name, values }) => [name, values[0]])).toEqual([
      ['edit', 'bbbbbbbbb1'],
      ['open', 'bbbbbbbbb1'],
    ])
  })

  it('say that there is no difference', async () => {
    const { text } = await opened({ comparison: { ...COMPARISON, differences: [] } })
    expect(text()).toContain('Every option is the sameNames, tags and comments are not compared.')
    expect(within(document.body).queryByRole('table')).toBeNull()
  })
})
