import { screen, within } from '@testing-library/dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import SettingsView from '../../../../src-renderer/features/settings/SettingsView.vue'
import { useSettings } from '../../../../src-renderer/stores/settings.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'

const refuse: Answers = {
  'settings.set': () => {
    throw new CotrainError({
      code: 'internal',
      message: 'The settings are locked.',
      hint: 'Close the other app.',
    })
  },
}
const view = (answers: Answers = {}) => show(inMotion(SettingsView), { answers })
const box = (name: string) => screen.getByLabelText<HTMLInputElement>(name)
const choice = (group: string, name: string) =>
  within(byRole('group', group)).getByRole<HTMLInputElement>('radio', { name })

describe('the settings', () => {
  it('show what is kept', async () => {
    const { text } = await view({
      'settings.get': () => ({
        home: '/data/cotrain',
        theme: 'light',
        engine: 'gpu',
        tensorflowFolder: '/opt/tf',
        tensorboardFolder: '',
        threads: 6,
        slotsPerGpu: 2,
        author: 'Ada',
        notify: false,
        blockSleep: true,
        lookForUpdates: true,
      }),
    })
    expect(text()).toContain('/data/cotrain')
    expect(choice('Theme', 'Light').checked).toBe(true)
    expect(choice('Engine', 'GPU only').checked).toBe(true)
    expect(box('TensorFlow folder').value).toBe('/opt/tf')
    expect(box('Threads').value).toBe('6')
    expect(box('Author').value).toBe('Ada')
    expect(box('Notify at the end').checked).toBe(false)
    expect(box('Keep the machine awake while a run works').checked).toBe(true)
    expect(box('Look for a newer CoTrain once a day').checked).toBe(true)
  })

  it.each([
    ['Notify at the end', { notify: false }],
    ['Keep the machine awake while a run works', { blockSleep: false }],
    ['Look for a newer CoTrain once a day', { lookForUpdates: true }],
  ])('keep at once that "%s" was pressed', async (name, change) => {
    const { user, paramsOf } = await view()
    const before = box(name).checked
    await user.click(box(name))
    await settled()
    expect(paramsOf('settings.set')).toEqual([change])
    expect(box(name).checked).toBe(!before)
    await user.click(box(name))
    await settled()
    expect(box(name).checked).toBe(before)
  })

  it.each([
    ['Author', 'Ada', { author: 'Ada' }],
    ['TensorFlow folder', '/opt/tf', { tensorflowFolder: '/opt/tf' }],
    ['TensorBoard folder', '/srv/logs', { tensorboardFolder: '/srv/logs' }],
    ['Threads', '4', { threads: 4 }],
    ['Runs on a card at the same time', '3', { slotsPerGpu: 3 }],
  ])('keep what was typed as %s when the box is left', async (name, text, change) => {
    const { user, paramsOf } = await view()
    await user.clear(box(name))
    await user.type(box(name), text)
    expect(paramsOf('settings.set')).toEqual([])
    await user.tab()
    await settled()
    expect(paramsOf('settings.set')).toEqual([change])
    expect(box(name).value).toBe(text)
  })

  it('keep the theme and the engine, and the page takes the theme', async () => {
    const { user, paramsOf } = await view()
    await user.click(choice('Theme', 'Dark'))
    await settled()
    expect(document.documentElement.dataset['theme']).toBe('dark')
    await user.click(choice('Engine', 'Embedded only'))
    await settled()
    expect(paramsOf('settings.set')).toEqual([{ theme: 'dark' }, { engine: 'wasm' }])
    expect(choice('Engine', 'Embedded only').checked).toBe(true)
  })

  it('say why a change is refused, and keep what was typed', async () => {
    const { user, text } = await view(refuse)
    await user.type(box('Author'), 'Ada')
    await user.tab()
    await settled()
    expect(text()).toContain('The settings are locked.')
    expect(text()).toContain('Close the other app.')
    expect(box('Author').value).toBe('Ada')
    expect(useSettings().settings.author).toBe('')
  })

  it('refuse a number of threads that there cannot be', async () => {
    const { user, text } = await view()
    await user.clear(box('Threads'))
    await user.type(box('Threads'), '1000')
    await user.tab()
    await settled()
    expect(text()).toMatch(/256/)
    expect(useSettings().settings.threads).toBe(0)
  })

  it.each([
    'Notify at the end',
    'Keep the machine awake while a run works',
    'Look for a newer CoTrain once a day',
  ])('show the switch "%s" as it is kept when a change is refused', async (name) => {
    const { user, paramsOf } = await view(refuse)
    const before = box(name).checked
    for (const times of [1, 2]) {
      await user.click(box(name))
      await settled()
      expect(box(name).checked).toBe(before)
      expect(paramsOf('settings.set')).toHaveLength(times)
    }
  })

  it('show the engine as it is kept when another is refused', async () => {
    const { user } = await view(refuse)
    await user.click(choice('Engine', 'GPU only'))
    await settled()
    expect(choice('Engine', 'GPU only').checked).toBe(false)
    expect(choice('Engine', 'Best there is').checked).toBe(true)
  })

  it('show the theme as it is kept when another is refused', async () => {
    const { user } = await view(refuse)
    await user.click(choice('Theme', 'Dark'))
    await settled()
    expect(choice('Theme', 'Dark').checked).toBe(false)
    expect(choice('Theme', 'As the system').checked).toBe(true)
  })

  it('take the folder of TensorFlow from the dialog, and leave it where none is chosen', async () => {
    let path: string | null = null
    const { user, paramsOf } = await view({ 'app.choosePath': () => ({ path }) })
    const line = within(box('TensorFlow folder').parentElement ?? document.body)
    await user.click(line.getByRole('button', { name: 'Choose' }))
    await settled()
    expect(paramsOf('app.choosePath')).toEqual([{ kind: 'folder', title: 'Folder with libtensorflow' }])
    expect(paramsOf('settings.set')).toEqual([])
    path = '/opt/tf'
    await user.click(line.getByRole('button', { name: 'Choose' }))
    await settled()
    expect(paramsOf('settings.set')).toEqual([{ tensorflowFolder: '/opt/tf' }])
    expect(box('TensorFlow folder').value).toBe('/opt/tf')
  })

  it('say why no folder could be chosen', async () => {
    const { user, paramsOf, text } = await view({
      'app.choosePath': () => {
        throw new CotrainError({ code: 'internal', message: 'No dialog.', hint: 'Type the path.' })
      },
    })
    const line = within(box('TensorFlow folder').parentElement ?? document.body)
    await user.click(line.getByRole('button', { name: 'Choose' }))
    await settled()
    expect(text()).toContain('Type the path.')
    expect(paramsOf('settings.set')).toEqual([])
  })

  it('show the first steps again', async () => {
    const { user, paramsOf } = await view()
    await user.click(byRole('button', 'Show again'))
    expect(paramsOf('ui.set')).toContainEqual({ key: 'first-steps', value: '' })
  })

  it('lead to what was found of the engine', async () => {
    await view()
    expect(byRole('link', 'What was found here').getAttribute('href')).toBe('/doctor')
  })
})

describe('the settings, when the shortcuts are asked for', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('show them', async () => {
    const shown: string[] = []
    vi.spyOn(Element.prototype, 'scrollIntoView').mockImplementation(function (this: Element) {
      shown.push(this.id)
    })
    await show(SettingsView, { at: '/settings?show=shortcuts' })
    expect(shown).toEqual(['shortcuts'])
    await show(SettingsView, { at: '/settings' })
    expect(shown).toEqual(['shortcuts'])
  })
})
