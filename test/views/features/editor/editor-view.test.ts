import { configure, screen, waitFor, within } from '@testing-library/dom'
import { afterEach, describe, expect, it } from 'vitest'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import type { Offer } from '../../../../src-shared/contract/calls/config.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import EditorView from '../../../../src-renderer/features/editor/EditorView.vue'
import { useCommands } from '../../../../src-renderer/stores/commands.ts'
import { useEditor } from '../../../../src-renderer/stores/editor.ts'
import { BASELINE_YAML } from '../../../support/fake-renderer/made-up-configs.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'
import type { Answers, Shown } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { words } from '../compare/small-comparison.ts'
import { inApp } from '../in-app.ts'
import { laidOut } from '../laid-out.ts'

configure({ asyncUtilTimeout: 10_000 })
laidOut()

const [baseline, cotrained] = demoRuns().map(({ summary }) => summary)
const refuse = (message: string): never => {
  throw new CotrainError({ code: 'internal', message, hint: 'Look at the log.' })
}
async function opened(answers: Answers = {}, at = '/edit'): Promise<Shown> {
  const page = await show(inApp(EditorView), { answers, at })
  await settled()
  return page
}
/** A field by its path: to look for one by name among two hundred takes a second. */
const field = (path: string): HTMLElement => {
  const found = document.getElementById(`field-${path}`)
  if (found === null) throw new Error(`no field ${path}`)
  return found
}
/** The name stands in a line that opens. */
const name = (): HTMLElement => byRole('button', /^Name: /)
const seed = (): HTMLElement => field('seed')
async function write({ user }: Shown, field: HTMLElement, text: string): Promise<void> {
  await user.clear(field)
  await user.type(field, `${text}{Tab}`)
  await settled()
}
async function choose({ user }: Shown, item: string): Promise<void> {
  await user.click(byRole('button', 'Presets'))
  await user.click(byRole('button', item))
  await settled()
}
const seedsOf = (page: Shown): unknown[] =>
  page.paramsOf('runs.create').map(({ config }) => (config as { seed?: unknown }).seed)

/** A check that finds too little memory. */
const TIGHT: Result<'config.preflight'> = {
  id: null,
  problems: [],
  warnings: [],
  config: null,
  identicalRun: null,
  data: [],
  memoryBytes: 2 ** 34,
  freeMemoryBytes: 2 ** 30,
  diskBytes: null,
  freeDiskBytes: 2 ** 30,
  secondsEstimate: null,
  deviceMemory: null,
  biggest: [],
  fixes: [],
  offers: [],
  share: [],
}

describe('the editor', () => {
  it('starts with a new experiment that runs at once', async () => {
    const { text } = await opened()
    expect(words(name())).toBe('Name: new experiment')
    expect(useEditor().config?.dataset.fn).toBe('mtl_loader')
    expect(text()).not.toContain('From ')
    expect(byRole('button', 'Undo').title).toBe('Nothing to undo')
  })

  it('opens a preset, says what it was made from and how much differs, and goes back by undo', async () => {
    const page = await opened()
    await choose(page, 'Demo: classification only')
    expect(words(name())).toBe('Name: demo baseline')
    expect(page.text()).toContain('From Demo: classification only')
    await write(page, seed(), '7')
    await write(page, field('trainer.config.max_iter'), '3')
    expect(page.text()).toContain('Edited from Demo: classification only: 2 of its options differ')
    await page.user.click(byRole('button', 'Undo'))
    await page.user.click(byRole('button', 'Undo'))
    expect(useEditor().text).toBe(BASELINE_YAML)
    await page.user.click(byRole('button', 'Redo'))
    expect(seed()).toHaveProperty('value', '7')
    await choose(page, 'New experiment')
    expect(words(name())).toBe('Name: new experiment')
  })

  it('opens a run or a file that the address asks for, once', async () => {
    const page = await opened({}, `/edit?from=${cotrained?.id}`)
    expect(page.paramsOf('runs.get')).toEqual([{ id: cotrained?.id }])
    expect(words(name())).toBe('Name: demo co-trained')
    expect(page.where()).toBe('/edit')
    const file = await opened({}, '/edit?file=/home/a.yaml')
    expect(file.paramsOf('config.read')).toEqual([{ path: '/home/a.yaml' }])
    expect(file.text()).toContain('From /home/a.yaml')
  })

  it('keeps what was there when a run cannot be opened, and says why', async () => {
    const page = await opened(
      { 'runs.get': () => refuse('The run is damaged.') },
      `/edit?from=${baseline?.id}`,
    )
    expect(page.text()).toContain('The run is damaged.Look at the log.')
    expect(words(name())).toBe('Name: new experiment')
  })

  it('says why presets could not be read', async () => {
    const page = await opened({ 'config.presets': () => refuse('The presets are damaged.') })
    expect(page.text()).toContain('The presets are damaged.')
  })

  it('lists what is wrong, does not queue it, and leads to the field', async () => {
    const page = await opened()
    useEditor().set(['trainer', 'config', 'patience'], -3)
    await settled()
    const summary = byRole('region', 'Problems of this config')
    expect(words(summary)).toContain('One problem to mend before it can be queued')
    expect(byRole('button', 'Check and queue').title).toBe('Mend the problems listed below first')
    await page.user.click(byRole('button', 'Check and queue'))
    expect(screen.queryByRole('dialog')).toBeNull()
    await page.user.click(within(summary).getByRole('link'))
    await settled()
    expect(document.activeElement?.id).toBe('field-trainer.config.patience')
  })

  it('leads to the text where a problem has no field', async () => {
    const page = await opened()
    useEditor().set(['trainer', 'config', 'no_such_option'], 1)
    await settled()
    await page.user.click(byRole('tab', 'Help'))
    await page.user.click(within(byRole('region', 'Problems of this config')).getByRole('link'))
    await settled()
    expect(byRole('tab', 'YAML').getAttribute('aria-selected')).toBe('true')
  })

  it('keeps the form while the text cannot be read, and says where to mend it', async () => {
    const page = await opened()
    await choose(page, 'Demo: classification only')
    useEditor().change('name: [', 'yaml')
    await settled()
    expect(byRole('region', 'Problems of this config').textContent).toContain(
      'Mend the text in the YAML view.',
    )
    expect(words(name())).toBe('Name: demo baseline')
    await page.user.click(byRole('tab', 'Help'))
    await page.user.click(byRole('link', 'YAML'))
    expect(byRole('tab', 'YAML').getAttribute('aria-selected')).toBe('true')
  })

  it('finds options and says when none is called so', async () => {
    const page = await opened()
    const search = byRole('searchbox', 'Search options')
    await page.user.type(search, 'patience')
    expect(byRole('textbox', 'Patience (changed)')).toHaveProperty('value', '5')
    expect(document.getElementById('field-name')).toBeNull()
    await page.user.type(search, ' of stones')
    expect(page.text()).toContain('No option matchesNothing is called or described as “patience of stones”.')
    await page.user.click(byRole('button', 'Clear the search'))
    expect(search).toHaveProperty('value', '')
    expect(words(name())).toBe('Name: new experiment')
  })

  it('shows all options, or only what was changed, with how many there are', async () => {
    const page = await opened()
    const count = (label: RegExp): number =>
      Number(/\d+/.exec(words(byRole('radio', label).closest('label')))?.[0])
    expect(count(/^Changed/)).toBeLessThan(count(/^Usual/))
    expect(count(/^Usual/)).toBeLessThan(count(/^All/))
    const fields = (): number => document.querySelectorAll('[id^="field-"]:not([id$="-help"])').length
    const usual = fields()
    await page.user.click(byRole('radio', /^All/))
    expect(fields()).toBeGreaterThan(usual)
    await page.user.click(byRole('radio', /^Changed/))
    expect(fields()).toBeLessThan(usual)
  })

  it('leads to the parts of the form', async () => {
    const page = await opened()
    const parts = within(byRole('navigation', 'Parts of the form')).getAllByRole('button').map(words)
    expect(parts).toEqual(['Name', 'Data set', 'Model', 'Trainer', 'Run'])
    expect(document.querySelector('#field-name')).toBeNull()
    await page.user.click(byRole('button', 'Name'))
    expect(field('name')).toHaveProperty('value', 'new experiment')
    await page.user.click(byRole('button', 'Trainer'))
    expect(document.activeElement).toBe(byRole('heading', 'Trainer'))
  })

  it('says what another component has no use for, and takes the change back', async () => {
    const page = await opened()
    await page.user.selectOptions(byRole('combobox', 'Data set: which one'), 'img_loader')
    await settled()
    expect(page.text()).toContain('Taken out, because img_loader has no such options: ')
    await page.user.click(screen.getAllByRole('button', { name: 'Undo' }).at(-1) ?? document.body)
    expect(useEditor().config?.dataset.fn).toBe('mtl_loader')
  })

  it('describes the field that is looked at, and shows differences and the model', async () => {
    const page = await opened()
    await page.user.click(byRole('tab', 'Help'))
    seed().focus()
    await settled()
    expect(byRole('tabpanel', 'Help').textContent).toContain('Seed')
    await write(page, seed(), '9')
    await page.user.click(byRole('tab', 'Differences'))
    expect(byRole('tabpanel', 'Differences').textContent).toContain('Seed')
    await page.user.click(byRole('link', 'Seed'))
    await settled()
    expect(document.activeElement?.id).toBe('field-seed')
    await page.user.click(byRole('tab', 'Model'))
    await waitFor(() => expect(page.paramsOf('config.modelCard')).toHaveLength(1))
  })
})

describe('the form while the config changes', () => {
  const GROUP = 'dataset.config.img_dataset_dict'

  it('keeps what was opened and closed, and the focus, through edits, undo and another text', async () => {
    const page = await opened()
    await page.user.click(byRole('button', /advanced options of Images$/))
    await page.user.click(byRole('button', 'Options of V1 part'))
    const state = () => [
      document.getElementById(`field-${GROUP}.resize`) !== null,
      byRole('button', 'Options of V1 part').getAttribute('aria-expanded'),
    ]
    const before = state()
    await write(page, field(`${GROUP}.batch_size`), '20')
    expect(state()).toEqual(before)
    field(`${GROUP}.batch_size`).focus()
    useEditor().undo()
    await settled()
    expect(state()).toEqual(before)
    expect(document.activeElement).toBe(field(`${GROUP}.batch_size`))
    useEditor().change(useEditor().text.replace('mtl_loader', 'mtl_loade'), 'yaml')
    await settled()
    useEditor().undo()
    await settled()
    expect(state()).toEqual(before)
  })

  it('opens the line of the name for a problem, and keeps it open while one writes', async () => {
    const page = await opened()
    useEditor().set(['tags'], 3)
    await settled()
    expect(name().getAttribute('aria-expanded')).toBe('true')
    field('tags').focus()
    await write(page, field('tags'), 'a, b')
    expect(useEditor().problems).toEqual([])
    expect(words(name())).toBe('Name: new experiment, 2 tags')
    expect(name().getAttribute('aria-expanded')).toBe('true')
  })
})

describe('what the editor queues', () => {
  it('is one run per seed, made from the run that was opened; then the queue is shown', async () => {
    const page = await opened({}, `/edit?from=${cotrained?.id}`)
    await write(page, seed(), '7')
    await page.user.click(byRole('button', 'Check and queue'))
    await settled()
    expect(page.paramsOf('config.preflight').at(-1)).toMatchObject({ original: cotrained?.id })
    await page.user.click(byRole('button', 'Complete to 3'))
    await settled()
    await page.user.click(byRole('button', 'Queue 3 runs'))
    await settled()
    expect(seedsOf(page)).toEqual([7, 1000, 2000])
    expect(page.paramsOf('runs.create')[0]).toMatchObject({ from: cotrained?.id, force: false })
    expect(page.where()).toBe('/queue')
    await waitFor(() => expect(page.text()).toContain('3 runs queued'))
  })

  it('stays in the dialog when the service refuses it, which says why', async () => {
    const page = await opened({ 'runs.create': () => refuse('The disk is full.') })
    await page.user.click(byRole('button', 'Check and queue'))
    await settled()
    await page.user.click(byRole('button', 'Queue the run'))
    await settled()
    expect(page.text()).toContain('The disk is full.Look at the log.')
    expect(page.where()).toBe('/edit')
    expect(byRole('dialog', 'Check and queue').textContent).toContain('new experiment')
  })

  it('needs less after a fix of the check was chosen, which undo takes back', async () => {
    const fix = { label: 'Be less patient', changes: [{ path: 'trainer.config.patience', value: 2 }] }
    const page = await opened({ 'config.preflight': () => ({ ...TIGHT, fixes: [fix] }) })
    await page.user.click(byRole('button', 'Check and queue'))
    await settled()
    await page.user.click(byRole('button', 'Be less patient'))
    await settled()
    expect(useEditor().config?.trainer.config).toMatchObject({ patience: 2 })
    useEditor().undo()
    expect(useEditor().config?.trainer.config).toMatchObject({ patience: 5 })
  })

  it('is a family of runs from a recipe or from options that vary', async () => {
    const recipe = { id: 'sweep', title: 'The sweep', description: 'd', yaml: 'name: Sweep\n' }
    const page = await opened({ 'recipes.list': () => [recipe] })
    await choose(page, 'The sweep')
    expect(byRole('dialog', 'The sweep').textContent).toContain('d')
    await page.user.keyboard('{Escape}')
    await page.user.click(byRole('button', 'Vary options'))
    expect(byRole('dialog', 'Vary options').textContent).toContain('Choose an option to vary')
    expect(byRole('textbox', 'Group')).toHaveProperty('value', 'new experiment, varied')
  })
})

describe('the editor by keys', () => {
  const onKey = (event: KeyboardEvent): void => useCommands().onKey(event)
  afterEach(() => window.removeEventListener('keydown', onKey))

  it('checks and queues, undoes and redoes', async () => {
    const page = await opened()
    window.addEventListener('keydown', onKey)
    await write(page, seed(), '7')
    await page.user.keyboard('{Control>}z{/Control}')
    expect(useEditor().config?.seed).toBe(1000)
    await page.user.keyboard('{Control>}y{/Control}')
    expect(useEditor().config?.seed).toBe(7)
    await page.user.keyboard('{Control>}{Enter}{/Control}')
    await settled()
    expect(byRole('dialog', 'Check and queue').textContent).toContain('new experiment')
  })

  it('does not queue by keys what has problems', async () => {
    const page = await opened()
    window.addEventListener('keydown', onKey)
    useEditor().set(['trainer', 'config', 'patience'], -3)
    await settled()
    await page.user.keyboard('{Control>}{Enter}{/Control}')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('opens a preset from the list of commands with the set that stands in, as the dialog does', async () => {
    const path = 'dataset.config.v1_dataset_dict.dataset'
    const standIn = { set: 'lab', path, value: 'lab' }
    const offer: Offer = {
      ...{ id: 'demo-cotrained', kind: 'preset', asks: [], runs: 1, config: null, seconds: null },
      needs: [{ part: 'v1', name: 'V1 recording', state: 'there', standIn }],
    }
    await opened({ 'config.offers': () => [offer] })
    useCommands()
      .all.find(({ id }) => id === 'preset demo-cotrained')
      ?.run()
    await settled()
    expect(useEditor().text).toMatch(/v1_dataset_dict:[\s\S]* dataset: lab\n/)
    expect(useEditor().origin.name).toBe('Demo: co-trained with V1')
  })
})
