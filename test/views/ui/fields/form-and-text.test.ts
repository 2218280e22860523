import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { Component } from 'vue'
import { h } from 'vue'
import { useEditor } from '../../../../src-renderer/stores/editor.ts'
import FieldRow from '../../../../src-renderer/ui/fields/FieldRow.vue'
import { byRole, settled, show } from '../../../support/show.ts'
import { COTRAINED_YAML } from '../../../support/fake-renderer/made-up-configs.ts'

const row: Component = FieldRow
/** The fields with these names, over the text that is being written. */
const form = (keys: readonly string[]): Component => ({
  setup: () => {
    const editor = useEditor()
    editor.open(COTRAINED_YAML, 'demo')
    return () =>
      editor.sections
        .flatMap(({ groups }) => groups.flatMap(({ fields }) => fields))
        .filter(({ field }) => keys.includes(field.key))
        .map((state) =>
          h(row, {
            key: state.path.join('.'),
            state,
            problems: editor.problems,
            onSet: (path: readonly string[], value: unknown) => editor.set(path, value),
            onFocus: (path: string) => void (editor.focusedPath = path),
          }),
        )
  },
})
async function shown(...keys: string[]) {
  const page = await show(form(keys))
  return { ...page, editor: useEditor() }
}
const changed = () => useEditor().changes.map(({ path, values }) => [path, ...values])

describe('the form over the text', () => {
  it('writes a number where it stands, and undo brings it back to both', async () => {
    const { user, editor } = await shown('width')
    const box = byRole('textbox', /^Width/)
    await user.clear(box)
    await user.type(box, '0.5')
    await user.tab()
    expect(editor.text).toBe(COTRAINED_YAML.replace('width: 0.25', 'width: 0.5'))
    expect(editor.focusedPath).toBe('model.config.width')
    editor.undo()
    await settled()
    expect(box).toHaveProperty('value', '0.25')
    expect(editor.text).toBe(COTRAINED_YAML)
  })

  it('takes an option out of the text when it is reset, and marks it no longer', async () => {
    const { user, editor } = await shown('patience')
    expect(byRole('textbox', 'Patience (changed)')).toHaveProperty('value', '5')
    await user.click(byRole('button', 'Reset Patience'))
    await settled()
    expect(editor.text).not.toContain('patience')
    expect(screen.queryByRole('button', { name: 'Reset Patience' })).toBeNull()
    expect(byRole('textbox', 'Patience').id).toBe('field-trainer.config.patience')
  })

  it('shows what is wrong at the option, keeps it, and takes the right one', async () => {
    const { user, text, editor } = await shown('valid_size', 'img_dataset_dict')
    const box = byRole('textbox', /^Validation part/)
    await user.clear(box)
    await user.type(box, '7')
    await user.tab()
    await settled()
    expect(editor.config).toBeNull()
    expect(editor.problems.map(({ path }) => path)).toEqual(['dataset.config.img_dataset_dict.valid_size'])
    expect(box.getAttribute('aria-invalid')).toBe('true')
    expect(text()).toContain(editor.problems[0]?.message ?? 'no problem')
    await user.clear(box)
    await user.type(box, '0.2')
    await user.tab()
    await settled()
    expect(box.getAttribute('aria-invalid')).toBe('false')
    expect(changed()).toEqual([['dataset.config.img_dataset_dict.valid_size', 0.1, 0.2]])
  })

  it('leaves the text alone when what is typed cannot be read', async () => {
    const { user, text, editor } = await shown('seed')
    const box = byRole('textbox', /^Seed/)
    await user.clear(box)
    await user.type(box, '1e')
    await user.tab()
    expect(text()).toContain('"1e" is not a number.')
    expect(editor.text).toBe(COTRAINED_YAML)
    expect(box).toHaveProperty('value', '1e')
  })

  it('switches a group on and off', async () => {
    const { user, editor } = await shown('stats', 'v1_dataset_dict', 'v4_dataset_dict')
    const box = byRole('checkbox', /^V4 part/)
    expect(box).toHaveProperty('checked', false)
    const before = screen.getAllByRole('textbox').length
    await user.click(box)
    await settled()
    expect(editor.text).toContain('v4_dataset_dict')
    expect(screen.getAllByRole('textbox').length).toBeGreaterThan(before)
    await user.click(box)
    await settled()
    expect(editor.text).not.toContain('v4_dataset_dict')
    expect(editor.isEdited).toBe(false)
  })

  it('adds, changes and removes named values', async () => {
    const { user, editor } = await shown('loss_functions')
    expect(byRole('group', 'Losses').textContent).toContain('V1')
    await user.click(byRole('button', 'Remove V1'))
    await settled()
    expect(editor.text).not.toContain('PoissonLoss')
    await user.type(byRole('textbox', 'Name of a new entry of Losses'), 'v1{Enter}')
    await settled()
    expect(byRole('combobox', 'V1')).toHaveProperty('id', 'field-trainer.config.loss_functions.v1')
    await user.selectOptions(byRole('combobox', 'V1'), 'PoissonLoss')
    await settled()
    expect(changed()).toEqual([])
    expect(editor.config?.trainer.config).toMatchObject({
      loss_functions: { img_classification: 'CrossEntropyLoss', v1: 'PoissonLoss' },
    })
  })

  it('keeps the comments of the named values that stay', async () => {
    const { user, editor } = await shown('loss_functions')
    editor.open(COTRAINED_YAML.replace('CrossEntropyLoss', 'CrossEntropyLoss  # as published'), 'demo')
    await settled()
    await user.click(byRole('button', 'Remove V1'))
    await settled()
    expect(editor.text).not.toContain('v1: PoissonLoss')
    expect(editor.text).toContain('# as published')
  })

  it('ticks entries of a list in the order in which they count', async () => {
    const { user, editor } = await shown('to_monitor')
    const ticks = screen.getAllByRole('checkbox')
    expect(ticks.length).toBeGreaterThan(1)
    await user.click(byRole('checkbox', /^classification/))
    await settled()
    expect(editor.text).toContain('to_monitor: [v1]')
    await user.click(byRole('checkbox', /^classification/))
    await settled()
    expect(editor.text).toContain('to_monitor: [v1, img_classification]')
    expect(changed()).toEqual([
      ['trainer.config.to_monitor', ['img_classification', 'v1'], ['v1', 'img_classification']],
    ])
  })

  it('reads values of several forms as YAML', async () => {
    const { user, editor } = await shown('optimizer_options')
    const box = byRole('textbox', /^Betas/)
    expect(box).toHaveProperty('value', '[ 0.9, 0.999 ]')
    await user.clear(box)
    await user.type(box, '[[0.8, 0.99]')
    await user.tab()
    await settled()
    expect(changed()).toEqual([['trainer.config.optimizer_options.betas', [0.9, 0.999], [0.8, 0.99]]])
    await user.click(byRole('button', 'Reset Optimizer options'))
    await settled()
    expect(editor.isEdited).toBe(false)
  })

  it('shows the options that another choice brings', async () => {
    const { user, editor } = await shown('optimizer', 'optimizer_options')
    expect(screen.queryByRole('textbox', { name: /^Momentum/ })).toBeNull()
    await user.selectOptions(byRole('combobox', /^Optimizer/), 'SGD')
    await settled()
    expect(byRole('textbox', /^Momentum/)).toHaveProperty('id', expect.stringContaining('momentum'))
    expect(screen.queryByRole('textbox', { name: /^Betas/ })).toBeNull()
    editor.undo()
    await settled()
    expect(byRole('textbox', /^Betas/)).toHaveProperty('value', '[ 0.9, 0.999 ]')
  })
})
