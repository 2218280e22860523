import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { useEditor } from '../../../src-renderer/stores/editor.ts'
import type { Showing } from '../../support/show.ts'
import { show } from '../../support/show.ts'
import { BASELINE_YAML, COTRAINED_YAML } from '../../support/fake-renderer/made-up-configs.ts'
import { demoRuns } from '../../support/fake-renderer/made-up-runs.ts'

async function editor(given: Showing = {}) {
  const shown = await show({ render: () => null }, given)
  return { ...shown, editor: useEditor() }
}
/** The options of one part of the text. */
const optionsOf = (yaml: string, kind: string): unknown =>
  (parse(yaml) as Record<string, { config?: unknown } | undefined>)[kind]?.config
const refuse = () => {
  throw new CotrainError({ code: 'file-missing', message: 'There is no such file.', hint: 'Choose another.' })
}

describe('the config that is written', () => {
  it('can be run as it is before anything was loaded', async () => {
    const { editor: e } = await editor()
    expect(e.problems).toEqual([])
    expect(e.config?.name).toBe('new experiment')
    expect(e.isEdited).toBe(false)
    expect(e.changes).toEqual([])
  })

  it('begins with the co-trained demo under a name of its own, which undo does not take away', async () => {
    const { editor: e, paramsOf } = await editor()
    await e.loadPresets()
    expect(e.presets.map(({ id }) => id)).toEqual(['demo-baseline', 'demo-cotrained'])
    expect(e.text).toBe(
      COTRAINED_YAML.replace('demo co-trained', 'new experiment').split('\n').slice(1).join('\n'),
    )
    expect(e.isEdited).toBe(false)
    e.undo()
    expect(e.config?.name).toBe('new experiment')
    expect(e.text).toContain('CSRF19_V1')
    await e.loadPresets()
    expect(paramsOf('config.presets')).toHaveLength(1)
  })

  it('stays when it was edited before the presets came', async () => {
    const { editor: e } = await editor()
    e.set(['name'], 'mine')
    const { text } = e
    await e.loadPresets()
    expect(e.text).toBe(text)
    expect(e.presets).toHaveLength(2)
  })

  it('asks for the presets again after they were refused', async () => {
    let isDown = true
    const { editor: e } = await editor({
      answers: {
        'config.presets': () => {
          if (isDown) return refuse()
          return [{ id: 'p', title: 'P', description: '', yaml: BASELINE_YAML }]
        },
      },
    })
    await expect(e.loadPresets()).rejects.toThrow('There is no such file.')
    isDown = false
    await e.loadPresets()
    expect(e.presets.map(({ id }) => id)).toEqual(['p'])
    expect(e.config?.name).toBe('new experiment')
  })
})

describe('an option', () => {
  it('is written where it belongs, comments and all else staying', async () => {
    const { editor: e } = await editor()
    e.open(COTRAINED_YAML, 'demo')
    e.set(['model', 'config', 'width'], 0.5)
    expect(e.text).toBe(COTRAINED_YAML.replace('width: 0.25', 'width: 0.5'))
    expect(e.isEdited).toBe(true)
    expect(e.changes.map(({ path, values }) => [path, values])).toEqual([['model.config.width', [0.25, 0.5]]])
    e.set(['model', 'config', 'width'], 0.25)
    expect(e.isEdited).toBe(false)
  })

  it('is taken out when it is what stands there anyway', async () => {
    const { editor: e } = await editor()
    e.open(COTRAINED_YAML, 'demo')
    const fallback = e.sections
      .flatMap(({ groups }) => groups.flatMap(({ fields }) => fields))
      .find(({ field }) => field.key === 'patience')?.fallback
    expect(typeof fallback).toBe('number')
    e.set(['trainer', 'config', 'patience'], fallback)
    expect(e.text).not.toContain('patience:')
    e.undo()
    e.set(['trainer', 'config', 'patience'], undefined)
    expect(e.text).not.toContain('patience:')
    expect(e.config?.trainer.config).toMatchObject({ patience: fallback })
  })

  it('typed on is one step of undo, another option is a further one', async () => {
    const { editor: e } = await editor()
    const before = e.text
    e.set(['name'], 'a')
    e.set(['name'], 'ab')
    e.set(['seed'], 7)
    expect(e.config).toMatchObject({ name: 'ab', seed: 7 })
    e.undo()
    expect(e.config).toMatchObject({ name: 'ab', seed: 1000 })
    e.undo()
    expect(e.text).toBe(before)
    e.undo()
    expect(e.text).toBe(before)
    e.redo()
    e.redo()
    e.redo()
    expect(e.config).toMatchObject({ name: 'ab', seed: 7 })
  })

  it('edited after undo leaves nothing to be done again', async () => {
    const { editor: e } = await editor()
    e.set(['seed'], 7)
    e.undo()
    e.set(['name'], 'b')
    e.redo()
    expect(e.config).toMatchObject({ name: 'b', seed: 1000 })
  })

  it('is set with others as one step', async () => {
    const { editor: e } = await editor()
    e.open(COTRAINED_YAML, 'demo')
    e.setAll([
      { path: 'seed', value: 3 },
      { path: 'trainer.config.max_iter', value: 9 },
      { path: 'trainer.config.patience' },
    ])
    expect(e.config).toMatchObject({ seed: 3, trainer: { config: { max_iter: 9 } } })
    expect(e.text).not.toContain('patience:')
    e.undo()
    expect(e.text).toBe(COTRAINED_YAML)
  })
})

describe('another part', () => {
  it('keeps what it knows and names what it does not', async () => {
    const { editor: e } = await editor()
    e.open(COTRAINED_YAML, 'demo')
    const dropped = e.choose('dataset', 'img_loader')
    expect(dropped).toEqual(['v1_dataset_dict'])
    expect(e.text).toContain('fn: img_loader')
    expect(e.text).not.toContain('CSRF19_V1')
    expect(optionsOf(e.text, 'model')).toEqual({ width: 0.25 })
    e.undo()
    expect(e.text).toBe(COTRAINED_YAML)
  })

  it('is one difference, whatever its options are', async () => {
    const { editor: e } = await editor()
    e.open(BASELINE_YAML, 'demo')
    e.choose('model', 'classification_cnn_builder')
    expect(e.problems).toEqual([])
    expect(e.changes.map(({ path, values }) => [path, values])).toEqual([
      ['model.fn', ['mtl_builder', 'classification_cnn_builder']],
    ])
  })
})

describe('a text that cannot be read', () => {
  it('says so with what to do, and keeps the form as it was', async () => {
    const { editor: e } = await editor()
    e.open(BASELINE_YAML, 'demo')
    const before = e.sections
    e.change('name: [', 'text')
    expect(e.config).toBeNull()
    expect(e.problems.map(({ hint }) => hint)).toContain('Mend the text in the YAML view.')
    expect(e.sections).toEqual(before)
    expect(e.marks[0]?.from).toBeGreaterThan(0)
    e.undo()
    expect(e.problems).toEqual([])
    expect(e.config?.name).toBe('demo baseline')
  })

  it('is not made worse by the form', async () => {
    const { editor: e } = await editor()
    e.change('name: [', 'text')
    e.set(['seed'], 5)
    expect(e.text).toBe('name: [')
  })
})

describe('a config that is wrong', () => {
  it('says what is wrong at its path and at its place in the text', async () => {
    const { editor: e } = await editor()
    e.open(BASELINE_YAML.replace('batch_size: 64', 'batch_size: many'), 'demo')
    expect(e.config).toBeNull()
    expect(e.problems.map(({ path }) => path)).toEqual(['dataset.config.batch_size'])
    const [mark] = e.marks
    expect(e.text.slice(mark?.from, mark?.to)).toBe('many')
    expect(mark?.message).toContain('dataset.config.batch_size: ')
    expect(e.changes).toEqual([])
  })

  it('has a form for the parts that are known', async () => {
    const { editor: e } = await editor()
    e.change('name: x\nmodel: {fn: unknown_builder}\n', 'text')
    expect(e.sections.map(({ id, component }) => [id, component === null])).toEqual([
      ['name', true],
      ['dataset', true],
      ['model', true],
      ['trainer', true],
      ['run', true],
    ])
    expect(e.problems.map(({ path }) => path)).toContain('model.fn')
    expect(e.given).toEqual({ name: 'x', model: { fn: 'unknown_builder' } })
  })
})

describe('a config from elsewhere', () => {
  it('is opened from a file, and what was there comes back by undo', async () => {
    const { editor: e, paramsOf } = await editor()
    const before = e.text
    await e.openFile('/configs/a.yaml')
    expect(paramsOf('config.read')).toEqual([{ path: '/configs/a.yaml' }])
    expect(e.text).toBe(BASELINE_YAML)
    expect(e.origin).toEqual({ name: '/configs/a.yaml', yaml: BASELINE_YAML, run: null })
    expect(e.isEdited).toBe(false)
    e.undo()
    expect(e.text).toBe(before)
  })

  it('does not replace what is there when it cannot be read', async () => {
    const { editor: e } = await editor({ answers: { 'config.read': refuse } })
    const before = e.text
    await expect(e.openFile('/none')).rejects.toThrow('There is no such file.')
    expect(e.text).toBe(before)
    expect(e.origin.name).toBe('')
  })

  it('is that of a run, as short as it can be', async () => {
    const { editor: e } = await editor()
    const run = demoRuns()[1]
    if (run === undefined) throw new Error('no such run')
    await e.openRun(run.summary.id, 'demo co-trained')
    expect(e.origin.run).toBe(run.summary.id)
    expect(e.config).toEqual(run.config)
    expect(e.text.length).toBeLessThan(COTRAINED_YAML.length)
    expect(e.isEdited).toBe(false)
    e.set(['seed'], 2000)
    expect(e.changes.map(({ path }) => path)).toEqual(['seed'])
  })

  it('gives way to a new one, and comes back by undo', async () => {
    const { editor: e } = await editor()
    await e.loadPresets()
    e.open(BASELINE_YAML, 'demo', 'a1')
    e.startAnew()
    expect(e.origin).toMatchObject({ name: '', run: null })
    expect(e.config?.name).toBe('new experiment')
    e.undo()
    expect(e.text).toBe(BASELINE_YAML)
  })
})
