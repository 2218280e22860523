import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { Component } from 'vue'
import { h } from 'vue'
import AppShell from '../../../../src-renderer/ui/shell/AppShell.vue'
import { useCommands } from '../../../../src-renderer/stores/commands.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { setInMotion } from './shell-page.ts'

/** The shell round a view, with all that App.vue sets in motion. */
const ShellPage: Component = {
  setup: () => {
    setInMotion()
    return () => h(AppShell, null, () => h('h1', { tabindex: -1 }, 'A view'))
  },
}

const rail = () => within(byRole('navigation', 'Views'))
const link = (name: RegExp) => rail().getByRole('link', { name })

describe('the list of views', () => {
  it('leads to every view in the order of the work', async () => {
    const { user, where } = await show(ShellPage)
    const links = rail().getAllByRole('link')
    expect(links.map((l) => l.getAttribute('href'))).toEqual([
      '/',
      '/data',
      '/edit',
      '/queue',
      '/runs',
      '/families',
      '/compare',
      '/doctor',
      '/settings',
    ])
    await user.click(link(/Compare/))
    await settled()
    expect(where()).toBe('/compare')
    expect(link(/Compare/).getAttribute('aria-current')).toBe('page')
    expect(link(/Runs/).hasAttribute('aria-current')).toBe(false)
  })

  it.each([
    ['/', []],
    ['/runs/r1', ['/runs']],
    ['/data/v4', ['/data']],
    ['/families/ratio', ['/families']],
  ])('marks the list that the page %s belongs to', async (at, lists) => {
    await show(ShellPage, { at })
    const marked = rail()
      .getAllByRole('link')
      .filter((l) => l.getAttribute('aria-current') === 'true')
    expect(marked.map((l) => l.getAttribute('href'))).toEqual(lists)
  })

  it('counts the waiting runs, and follows the queue', async () => {
    const { news } = await show(ShellPage)
    expect(link(/Queue/).textContent).toBe('Queue3 waiting')
    await news('queue.changed', { paused: false, slots: 1, running: [], waiting: [] })
    expect(link(/Queue/).textContent).toBe('Queue')
  })

  it('says the keys of each view, those that a person has chosen', async () => {
    const { paramsOf } = await show(ShellPage)
    expect(link(/Data/).title).toBe('Data (Ctrl+2)')
    expect(byRole('button', /^Commands/).textContent).toBe('CommandsCtrl+Shift+P')
    expect(byRole('button', /^Shortcuts/).textContent).toBe('ShortcutsF1')
    useCommands().choose('go /data', 'Mod+Alt+D')
    useCommands().choose('commands', '')
    await settled()
    expect(link(/Data/).title).toBe('Data (Ctrl+Alt+D)')
    expect(byRole('button', /^Commands/).textContent).toBe('Commands')
    expect(paramsOf('ui.set').at(-1)).toEqual({
      key: 'shortcuts',
      value: { 'go /data': 'Mod+Alt+D', commands: '' },
    })
    useCommands().choose('go /data', null)
    await settled()
    expect(link(/Data/).title).toBe('Data (Ctrl+2)')
  })

  it('opens the commands and the shortcuts', async () => {
    const { user } = await show(ShellPage)
    await user.click(byRole('button', /^Commands/))
    expect(byRole('dialog', 'Commands').textContent).toContain('Go to Queue')
    await user.keyboard('{Escape}')
    await user.click(byRole('button', /^Shortcuts/))
    expect(byRole('dialog', 'Keyboard shortcuts').textContent).toContain('Open the row')
  })

  it('can be passed over by the first Tab', async () => {
    const { user } = await show(ShellPage)
    await user.tab()
    expect(document.activeElement).toBe(byRole('link', 'Skip to the content'))
    await user.keyboard('{Enter}')
    expect(document.activeElement).toBe(screen.getByRole('main'))
  })
})
