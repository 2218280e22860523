import { describe, expect, it } from 'vitest'
import EditorTop from '../../../../src-renderer/features/editor/EditorTop.vue'
import { useEditor } from '../../../../src-renderer/stores/editor.ts'
import { COTRAINED_YAML } from '../../../support/fake-renderer/made-up-configs.ts'
import type { Shown } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { words } from '../compare/small-comparison.ts'

const props = { query: '', fold: 'common', blocked: '' }

async function opened(): Promise<Shown> {
  const page = await show(EditorTop, { props })
  await useEditor().loadPresets()
  await settled()
  return page
}

describe('the heading of the editor', () => {
  it('says nothing of where a new experiment came from, and from where another one did', async () => {
    const { text } = await opened()
    expect(text()).toMatch(/^Experiment ?Presets/)
    useEditor().open(COTRAINED_YAML, 'the demo')
    await settled()
    expect(text()).toContain('From the demo')
    useEditor().set(['name'], 'mine')
    await settled()
    expect(text()).toContain('Edited from the demo')
    expect(text()).not.toContain('differ')
    useEditor().set(['seed'], 7)
    await settled()
    expect(text()).toContain('Edited from the demo: 1 of its options differs')
  })

  it('undoes and redoes as long as there is something', async () => {
    const { user } = await opened()
    const [undo, redo] = [byRole('button', 'Undo'), byRole('button', 'Redo')]
    const titles = (): string[] => [undo.title, redo.title]
    expect(titles()).toEqual(['Nothing to undo', 'Nothing to redo'])
    useEditor().set(['seed'], 7)
    await settled()
    expect(titles()).toEqual(['Undo', 'Nothing to redo'])
    await user.click(undo)
    expect(useEditor().config?.seed).toBe(1000)
    expect(titles()).toEqual(['Nothing to undo', 'Redo'])
    await user.click(redo)
    expect(useEditor().config?.seed).toBe(7)
  })

  it('asks for presets, to queue and to vary, not to queue while something is wrong', async () => {
    const { user, emitted, change } = await opened()
    await user.click(byRole('button', 'Check and queue'))
    await user.click(byRole('button', 'Vary options'))
    await user.click(byRole('button', 'Presets'))
    expect(emitted.map(({ name }) => name)).toEqual(['queue', 'vary', 'presets'])
    await change({ blocked: 'Mend the problems first' })
    await user.click(byRole('button', 'Check and queue'))
    await user.click(byRole('button', 'Vary options'))
    expect(emitted).toHaveLength(3)
    expect(byRole('button', 'Vary options').title).toBe('Mend the problems first')
  })

  it('tells what is searched, which options are shown and where to go', async () => {
    const { user, emitted } = await opened()
    await user.type(byRole('searchbox', 'Search options'), 'lr')
    await user.click(byRole('radio', /^Changed/))
    await user.click(byRole('button', 'Model'))
    expect(emitted.map(({ name, values }) => [name, values[0]])).toEqual([
      ['update:query', 'l'],
      ['update:query', 'lr'],
      ['update:fold', 'changed'],
      ['jump', 'model'],
    ])
  })

  it('counts anew which options are changed', async () => {
    await opened()
    const count = (): number => Number(/\d+/.exec(words(byRole('radio', /^Changed/).closest('label')))?.[0])
    const before = count()
    useEditor().set(['trainer', 'config', 'max_iter'], 77)
    useEditor().set(['trainer', 'config', 'threshold'], 0.5)
    await settled()
    expect(count()).toBe(before + 1)
  })
})
