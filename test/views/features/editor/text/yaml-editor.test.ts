import { describe, expect, it } from 'vitest'
import YamlEditor from '../../../../../src-renderer/features/editor/text/YamlEditor.vue'
import { settled, show } from '../../../../support/show.ts'

/** The editor stands in a shadow tree of its own. */
const root = (): ShadowRoot => {
  for (const element of document.querySelectorAll('div'))
    if (element.shadowRoot !== null) return element.shadowRoot
  throw new Error('there is no editor')
}
const content = (): HTMLElement => {
  const found = root().querySelector<HTMLElement>('[aria-label="The config as YAML"]')
  if (found === null) throw new Error('the editor has no text')
  return found
}
const lines = (): (string | null)[] => [...content().querySelectorAll('.cm-line')].map((l) => l.textContent)
const press = async (key: string, more: KeyboardEventInit = {}): Promise<boolean> => {
  const event = new KeyboardEvent('keydown', {
    key,
    bubbles: true,
    cancelable: true,
    composed: true,
    ...more,
  })
  Object.defineProperty(event, 'keyCode', { value: key.toUpperCase().charCodeAt(0) })
  content().dispatchEvent(event)
  await settled()
  return event.defaultPrevented
}
const props = { text: 'name: demo\nseed: 1000\n', marks: [] }

describe('the config as text', () => {
  it('is shown by line, and follows what is changed in the form without telling it back', async () => {
    const { change, emitted } = await show(YamlEditor, { props })
    expect(lines()).toEqual(['name: demo', 'seed: 1000', ''])
    await change({ text: 'name: demo\nseed: 7\n' })
    expect(lines()).toEqual(['name: demo', 'seed: 7', ''])
    expect(emitted).toEqual([])
  })

  it('leaves undo and redo to the history of the config', async () => {
    const { emitted } = await show(YamlEditor, { props })
    expect(await press('z', { ctrlKey: true })).toBe(true)
    await press('y', { ctrlKey: true })
    await press('Z', { ctrlKey: true, shiftKey: true })
    expect(emitted.map(({ name }) => name)).toEqual(['undo', 'redo', 'redo'])
  })

  it('tells what is typed', async () => {
    const { emitted } = await show(YamlEditor, { props })
    const [line] = content().querySelectorAll('.cm-line')
    if (line === undefined) throw new Error('the editor has lines')
    line.textContent = 'name: demo 2'
    await settled()
    expect(emitted.at(-1)).toEqual({ name: 'change', values: ['name: demo 2\nseed: 1000\n'] })
  })

  it('marks faults where they are, also beyond the end of a text that became shorter', async () => {
    const { change } = await show(YamlEditor, {
      props: { ...props, marks: [{ message: 'm', from: 6, to: 10 }] },
    })
    const marked = (): (string | null)[] =>
      [...content().querySelectorAll('.cm-lintRange')].map((m) => m.textContent)
    expect(marked()).toEqual(['demo'])
    await change({ marks: [] })
    expect(marked()).toEqual([])
    await change({ marks: [{ message: 'm', from: 11, to: 400 }] })
    expect(marked().join('')).toBe('seed: 1000')
  })
})
