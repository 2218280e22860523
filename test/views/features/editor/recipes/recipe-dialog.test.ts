import { configure, screen, waitFor, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { RecipePlanView } from '../../../../../src-shared/contract/calls/recipe.ts'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import RecipeDialog from '../../../../../src-renderer/features/editor/recipes/RecipeDialog.vue'
import RecipePlan from '../../../../../src-renderer/features/editor/recipes/RecipePlan.vue'
import type { Answers, Shown } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { words } from '../../compare/small-comparison.ts'
import { inApp } from '../../in-app.ts'
import { laidOut } from '../../laid-out.ts'

configure({ asyncUtilTimeout: 10_000 })
laidOut()

type Planned = RecipePlanView['runs'][number]
const planned = (label: string, seed: number, more: Partial<Planned> = {}): Planned => ({
  step: '',
  label,
  name: `sweep ${label}`,
  choices: { patience: label },
  changes: [],
  also: [],
  seed,
  id: `${label}${seed}`.padStart(10, '0'),
  status: null,
  groupId: null,
  waitsFor: [],
  blockedBy: null,
  seconds: null,
  ...more,
})
const plan: RecipePlanView = {
  name: 'Sweep',
  question: '',
  description: '',
  tag: 'Sweep',
  compareTo: '',
  inputs: [],
  problems: [],
  excluded: 0,
  steps: [],
  runs: [planned('4', 1000), planned('8', 1000, { status: 'finished' })],
}
const recipe = { id: 'sweep', title: 'The sweep', description: 'What was published.', yaml: 'name: Sweep\n' }
const queued = {
  family: 'sweep',
  ids: ['a', 'b'],
  queued: 1,
  known: 1,
  diverged: 0,
  waiting: 0,
  tag: 'Sweep',
}
const refuse = (message: string): never => {
  throw new CotrainError({ code: 'internal', message, hint: 'Look at the log.' })
}
const rows = (): string[][] =>
  within(byRole('region', 'Runs of this plan'))
    .getAllByRole('row')
    .map((row) => [...row.children].map(words))

describe('the runs of a plan', () => {
  it('are listed by what varies, with what is there already', async () => {
    const { text } = await show(RecipePlan, { props: { plan, isOld: false } })
    expect(text()).toContain('2 runs, 1 exists already, 1 to queue.')
    expect(rows().map((r) => r.slice(0, 2))).toEqual([
      ['patience', 'Seed'],
      ['4', '1000'],
      ['8', '1000'],
    ])
    expect(rows()[1]?.[2]).toBe('new')
    expect(screen.getByRole('link').getAttribute('href')).toBe(`/runs/${plan.runs[1]?.id}`)
  })

  it('have names where they are written out, and are counted with what was left out or merged', async () => {
    const runs = [planned('a', 1, { choices: {}, also: ['b', 'c'] })]
    const { text } = await show(RecipePlan, { props: { plan: { ...plan, runs, excluded: 3 }, isOld: false } })
    expect(rows()[0]?.[0]).toBe('Run')
    expect(rows()[1]?.[0]).toBe('sweep a')
    expect(text()).toContain('1 run, 3 left out, 2 the same as another one.')
  })

  it('say why they cannot be queued', async () => {
    const problems = [{ code: 'x', path: 'axes.0', message: 'There is no such option.', hint: 'Look it up.' }]
    await show(RecipePlan, { props: { plan: { ...plan, problems, runs: [] }, isOld: false } })
    expect(words(screen.getByRole('alert'))).toContain('The runs cannot be queued')
    expect(screen.queryByRole('region')).toBeNull()
  })
})

describe('the dialog of a family of runs', () => {
  const opened = async (answers: Answers = {}): Promise<Shown> => {
    const page = await show(inApp(RecipeDialog), {
      props: { open: true, recipe },
      answers: { 'recipes.plan': () => plan, 'recipes.queue': () => queued, ...answers },
    })
    await waitFor(() => expect(page.paramsOf('recipes.plan').length).toBeGreaterThan(0))
    await settled()
    return page
  }
  const button = (): HTMLElement => byRole('button', /^Queue/)

  it('counts the runs and queues those that are missing', async () => {
    const page = await opened()
    expect(byRole('dialog', 'The sweep').textContent).toContain('What was published.')
    expect(page.paramsOf('recipes.plan')).toEqual([{ recipe: recipe.yaml, inputs: {} }])
    expect(words(button())).toBe('Queue 1 missing run')
    await page.user.click(button())
    await settled()
    expect(page.paramsOf('recipes.queue')).toEqual([{ recipe: recipe.yaml, inputs: {} }])
    expect(page.emitted.map(({ name, values }) => [name, ...values])).toEqual([
      ['update:open', false],
      ['queued'],
    ])
    await waitFor(() => expect(page.text()).toContain('1 run queued'))
  })

  it('stays open and says why when the service refuses to queue', async () => {
    const page = await opened({ 'recipes.queue': () => refuse('The disk is full.') })
    await page.user.click(button())
    await settled()
    expect(page.emitted).toEqual([])
    expect(page.text()).toContain('The disk is full.')
  })

  it('queues nothing when all runs are there', async () => {
    const runs = plan.runs.map((r) => ({ ...r, status: 'finished' as const }))
    await opened({ 'recipes.plan': () => ({ ...plan, runs }) })
    expect([button().getAttribute('aria-disabled'), button().title]).toEqual([
      'true',
      'All these runs exist already',
    ])
  })

  it('does not call runs there where a plan has none', async () => {
    const page = await opened({ 'recipes.plan': () => ({ ...plan, runs: [], excluded: 4 }) })
    expect(page.text()).toContain('0 runs, 4 left out.')
    expect(button().title).toBe('There are no runs in this plan')
  })

  it('asks for what it needs before it counts runs', async () => {
    const input = { name: 'base', label: 'Baseline run', help: 'An id.', value: '' }
    const problem = { code: 'input', path: 'inputs.base', message: 'A run is needed.', hint: '' }
    const page = await opened({
      'recipes.plan': ({ inputs }) =>
        inputs?.['base'] === undefined
          ? { ...plan, inputs: [input], problems: [problem], runs: [] }
          : { ...plan, inputs: [{ ...input, value: inputs['base'] }] },
    })
    expect(button().title).toBe('A run is needed. Fill it in first')
    expect(page.text()).toContain('The runs appear here when every field above is filled in.')
    const field = byRole('combobox', /^Baseline run/)
    await page.user.type(field, ' abc ')
    await page.user.tab()
    await waitFor(() => expect(page.text()).toContain('2 runs, 1 exists already'))
    expect(page.paramsOf('recipes.plan').at(-1)?.inputs).toEqual({ base: 'abc' })
    await page.user.click(button())
    expect(page.paramsOf('recipes.queue')[0]?.inputs).toEqual({ base: 'abc' })
  })

  it('offers finished runs for its fields', async () => {
    const input = { name: 'base', label: 'Baseline run', help: 'An id.', value: '' }
    await opened({ 'recipes.plan': () => ({ ...plan, inputs: [input] }) })
    const names = [...document.querySelectorAll('datalist option')].map(words)
    expect(names).toEqual([
      'demo shuffled control, seed 1000',
      'demo co-trained, seed 1000',
      'demo baseline, seed 1000',
    ])
  })

  it('says why the runs could not be counted', async () => {
    await opened({ 'recipes.plan': () => refuse('The recipe is damaged.') })
    expect(words(screen.getByRole('alert'))).toContain('The recipe is damaged.Look at the log.')
    expect(button().getAttribute('aria-disabled')).toBe('true')
  })

  it('says why the runs could not be counted after a field was filled in', async () => {
    const input = { name: 'base', label: 'Baseline run', help: 'An id.', value: '' }
    const page = await opened({
      'recipes.plan': ({ inputs }) =>
        inputs?.['base'] === undefined ? { ...plan, inputs: [input] } : refuse('There is no such run.'),
    })
    await page.user.type(byRole('combobox', /^Baseline run/), 'abc')
    await page.user.tab()
    await waitFor(() => expect(page.paramsOf('recipes.plan')).toHaveLength(2))
    await settled()
    expect(page.text()).toContain('There is no such run.')
    expect(page.text()).not.toContain('2 runs')
    expect(byRole('combobox', /^Baseline run/)).toHaveProperty('value', 'abc')
    expect(button().title).toBe('The runs could not be counted; see why above')
  })

  it('does not queue with what was filled in before the plan of it is there', async () => {
    const input = { name: 'base', label: 'Baseline run', help: 'An id.', value: 'old' }
    const page = await opened({ 'recipes.plan': () => ({ ...plan, inputs: [input] }) })
    const field = byRole('combobox', /^Baseline run/)
    await page.user.clear(field)
    await page.user.type(field, 'new{Enter}')
    await settled()
    expect(page.paramsOf('recipes.queue')).toEqual([])
    await waitFor(() => expect(page.paramsOf('recipes.plan')).toHaveLength(2))
    await settled()
    await page.user.type(field, '{Enter}')
    expect(page.paramsOf('recipes.queue').map(({ inputs }) => inputs)).toEqual([{ base: 'new' }])
  })
})
