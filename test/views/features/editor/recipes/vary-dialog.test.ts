import { configure, fireEvent, screen, waitFor } from '@testing-library/dom'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import type { RecipePlanView } from '../../../../../src-shared/contract/calls/recipe.ts'
import type { RecipeIn } from '../../../../../src-shared/schema/recipe.ts'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import { sectionsOf } from '../../../../../src-renderer/config/form-state.ts'
import VariedOptionRow from '../../../../../src-renderer/features/editor/recipes/VariedOptionRow.vue'
import VaryDialog from '../../../../../src-renderer/features/editor/recipes/VaryDialog.vue'
import { variableOptions } from '../../../../../src-renderer/features/editor/recipes/vary-recipe.ts'
import { COTRAINED_YAML } from '../../../../support/fake-renderer/made-up-configs.ts'
import type { Answers, Shown } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { words } from '../../compare/small-comparison.ts'
import { inApp } from '../../in-app.ts'
import { laidOut } from '../../laid-out.ts'

configure({ asyncUtilTimeout: 10_000 })
laidOut()

const given = parse(COTRAINED_YAML) as Record<string, unknown>
const sections = sectionsOf(given)
const props = { open: false, sections, given, name: 'demo', seed: 7 }
const run = {
  label: '',
  name: 'r',
  changes: [],
  also: [],
  id: null,
  status: null,
  groupId: null,
  step: '',
  waitsFor: [],
  blockedBy: null,
  seconds: null,
}
/** One run for each value of the first axis and each seed. */
function planOf(asked: unknown): RecipePlanView {
  const { axes = [], seeds = [] } = asked as RecipeIn
  const labels = axes[0]?.values.map((v) => v.label) ?? ['']
  return {
    name: '',
    question: '',
    description: '',
    tag: '',
    compareTo: '',
    inputs: [],
    problems: [],
    excluded: 0,
    steps: [],
    runs: labels.flatMap((label) => seeds.map((seed) => ({ ...run, choices: { value: label ?? '' }, seed }))),
  }
}
const refuse = (message: string): never => {
  throw new CotrainError({ code: 'internal', message, hint: 'Look at the log.' })
}
async function opened(answers: Answers = {}): Promise<Shown> {
  const page = await show(inApp(VaryDialog), {
    props,
    answers: { 'recipes.plan': ({ recipe }) => planOf(recipe), ...answers },
  })
  await page.change({ open: true })
  return page
}
async function vary({ user }: Shown, option: RegExp, values: string): Promise<void> {
  await user.click(byRole('button', /option to vary|another option/))
  await user.keyboard('trainer.config.patience')
  await user.click(byRole('option', option))
  const fields = screen.getAllByRole('textbox')
  const field = fields.at(-3)
  if (field !== undefined) await user.type(field, values)
}
const button = (): HTMLElement => byRole('button', /^Queue/)
const counted = (page: Shown, text: string): Promise<void> =>
  waitFor(() => expect(page.text()).toContain(text))
const recipes = (page: Shown): RecipeIn[] =>
  page.paramsOf('recipes.queue').map(({ recipe }) => recipe as RecipeIn)

describe('the dialog that varies options', () => {
  it('starts with the seed of the config and a group of its name', async () => {
    await opened()
    expect(byRole('textbox', 'Seeds')).toHaveProperty('value', '7')
    expect(byRole('textbox', 'Group')).toHaveProperty('value', 'demo, varied')
    expect(byRole('button', 'Choose an option to vary').textContent).toContain('Choose an option to vary')
  })

  it('counts one run per value and seed, and queues them as a group', async () => {
    const page = await opened()
    await vary(page, /^Patience/, '4, 8')
    expect(page.text()).toContain('2 values: 4, 8')
    await page.user.click(byRole('button', 'Complete to 3'))
    await counted(page, '6 runs.')
    expect(words(button())).toBe('Queue 6 runs')
    await page.user.click(button())
    await settled()
    expect(recipes(page)).toEqual([
      {
        name: 'demo, varied',
        baseline: given,
        axes: [
          {
            label: 'patience',
            values: [
              { label: '4', patch: { 'trainer.config.patience': 4 } },
              { label: '8', patch: { 'trainer.config.patience': 8 } },
            ],
          },
        ],
        seeds: [7, 1000, 2000],
      },
    ])
    expect(page.emitted.map(({ name }) => name)).toEqual(['update:open', 'queued'])
  })

  it('says what is missing before anything can be queued', async () => {
    const page = await opened()
    await vary(page, /^Patience/, 'x')
    expect(button().title).toBe('Write the values of every option and the seeds first')
    expect(screen.queryByRole('button', { name: 'Copy as recipe' })).toBeNull()
    await page.user.click(byRole('button', 'Do not vary Patience'))
    expect(button().title).toBe('The runs have not been counted yet')
    await page.user.clear(byRole('textbox', 'Group'))
    expect(button().title).toBe('Name the group first')
    await page.user.type(byRole('textbox', 'Group'), 'g')
    await page.user.clear(byRole('textbox', 'Seeds'))
    expect(button().title).toBe('Write the values of every option and the seeds first')
  })

  it('offers each option once', async () => {
    const page = await opened()
    await vary(page, /^Patience/, '4')
    await page.user.click(byRole('button', 'Vary another option'))
    await page.user.keyboard('trainer.config.patience')
    expect(screen.queryByRole('option', { name: /^Patience Trainer/ })).toBeNull()
    expect(screen.queryByRole('option', { name: /^Seed/ })).toBeNull()
  })

  it('stays open when the choice of an option is left by Escape', async () => {
    const page = await opened()
    await page.user.click(byRole('button', 'Choose an option to vary'))
    await page.user.keyboard('{Escape}')
    await settled()
    expect(screen.queryByRole('option')).toBeNull()
    expect(page.emitted).toEqual([])
    await page.user.keyboard('{Escape}')
    expect(page.emitted).toEqual([{ name: 'update:open', values: [false] }])
  })

  it('takes an option by keyboard alone', async () => {
    const page = await opened()
    await page.user.click(byRole('button', 'Choose an option to vary'))
    await page.user.keyboard('trainer.config.patience{Enter}')
    await settled()
    expect(byRole('textbox', 'Patience')).toHaveProperty('value', '')
  })

  it('copies what it would do as a recipe', async () => {
    const page = await opened()
    await vary(page, /^Patience/, '4, 8')
    await page.user.click(byRole('button', 'Copy as recipe'))
    await settled()
    const copied = parse(await navigator.clipboard.readText()) as RecipeIn
    expect(copied.axes?.[0]?.values).toHaveLength(2)
    expect(copied.seeds).toEqual([7])
  })

  it('stays open and keeps what was typed when the service refuses', async () => {
    const page = await opened({ 'recipes.queue': () => refuse('The disk is full.') })
    await vary(page, /^Patience/, '4, 8')
    await counted(page, '2 runs.')
    await page.user.click(button())
    await settled()
    expect(page.text()).toContain('The disk is full.')
    expect(page.emitted).toEqual([])
    expect(byRole('textbox', 'Patience')).toHaveProperty('value', '4, 8')
  })

  it('says why the runs could not be counted', async () => {
    const page = await opened({ 'recipes.plan': () => refuse('The config is damaged.') })
    await counted(page, 'The config is damaged.')
    expect(button().getAttribute('aria-disabled')).toBe('true')
  })

  it('forgets what was varied when it opens again', async () => {
    const page = await opened()
    await vary(page, /^Patience/, '4')
    await page.user.click(byRole('button', 'Cancel'))
    await page.change({ open: true })
    expect(screen.queryByRole('textbox', { name: 'Patience' })).toBeNull()
  })

  it('does not queue other values than those that are typed', async () => {
    const page = await opened()
    await vary(page, /^Patience/, '4')
    await counted(page, '1 run.')
    fireEvent.input(byRole('textbox', 'Patience'), { target: { value: '4, 8' } })
    button().click()
    await settled()
    expect(recipes(page)).toEqual([])
    await counted(page, '2 runs.')
    await page.user.click(button())
    expect(recipes(page).map((r) => r.axes?.[0]?.values.length)).toEqual([2])
  })

  it('does not queue an earlier plan when the one of what is typed was refused', async () => {
    const page = await opened({
      'recipes.plan': ({ recipe }) =>
        (recipe as RecipeIn).seeds?.length === 1 ? planOf(recipe) : refuse('Too many runs.'),
    })
    await counted(page, '1 run.')
    await page.user.click(byRole('button', 'Complete to 3'))
    await counted(page, 'Too many runs.')
    expect(button().getAttribute('aria-disabled')).toBe('true')
    expect(button().title).toBe('The runs could not be counted; see why above')
  })
})

describe('an option that varies', () => {
  const option = (id: string) => {
    const found = variableOptions(sections).find((o) => o.id === id)
    if (found === undefined) throw new Error(`no option ${id}`)
    return found
  }

  it('says what it is now, what was read of what was typed, and what is wrong with it', async () => {
    const patience = option('trainer.config.patience')
    const { change, text } = await show(VariedOptionRow, {
      props: { varied: { option: patience, text: '1 to 3' } },
    })
    expect(text()).toContain('now 5; evaluations;')
    expect(text()).toContain('3 values: 1, 2, 3')
    await change({ varied: { option: patience, text: '3 to 1' } })
    expect(text()).toContain('A range goes from a smaller to a larger number.')
    expect(byRole('textbox', 'Patience').getAttribute('aria-invalid')).toBe('true')
    await change({ varied: { option: patience, text: '' } })
    expect(byRole('textbox', 'Patience').getAttribute('aria-invalid')).toBe('false')
    expect(byRole('textbox', 'Patience').getAttribute('placeholder')).toBe('1, 2, 4 or 1 to 9')
  })

  it('tells what is typed, and that it is not to vary', async () => {
    const { user, emitted } = await show(VariedOptionRow, {
      props: { varied: { option: option('trainer.config.patience'), text: '' } },
    })
    await user.type(byRole('textbox', 'Patience'), '4')
    await user.click(byRole('button', 'Do not vary Patience'))
    expect(emitted).toEqual([
      { name: 'change', values: ['4'] },
      { name: 'remove', values: [] },
    ])
  })
})
