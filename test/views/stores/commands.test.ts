import { describe, expect, it } from 'vitest'
import type { Component } from 'vue'
import { h, ref } from 'vue'
import { useCommands } from '../../../src-renderer/stores/commands.ts'
import { useViewCommands } from '../../../src-renderer/ui/use/use-view-commands.ts'
import { settled, show } from '../../support/show.ts'

describe('commands', () => {
  const press = (key: string, more: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent('keydown', { key, cancelable: true, ...more })
    useCommands().onKey(event)
    return event
  }

  it('of the open view come first and leave with it', async () => {
    const done: string[] = []
    const command = (name: string) => ({
      id: name,
      title: name,
      group: 'g',
      keys: 'K J',
      run: () => done.push(name),
    })
    const inner: Component = {
      setup: () => {
        useViewCommands(() => [command('view')])
        return () => null
      },
    }
    const isOpen = ref(false)
    await show({ render: () => (isOpen.value ? h(inner) : null) })
    useCommands().add(() => [command('everywhere')])
    expect(press('k').defaultPrevented).toBe(true)
    isOpen.value = true
    await settled()
    press('j')
    expect(useCommands().all.map((c) => c.id)).toEqual(['view', 'everywhere'])
    isOpen.value = false
    await settled()
    press('k')
    expect(done).toEqual(['everywhere', 'view', 'everywhere'])
  })

  it('take no key that something else has taken, or that is none of theirs', async () => {
    await show({ render: () => null })
    const done: string[] = []
    useCommands().add(() => [{ id: 'a', title: 'a', group: 'g', keys: 'Mod+K', run: () => done.push('a') }])
    const taken = new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, cancelable: true })
    taken.preventDefault()
    useCommands().onKey(taken)
    expect(press('k').defaultPrevented).toBe(false)
    expect(press('k', { ctrlKey: true, shiftKey: true }).defaultPrevented).toBe(false)
    expect(done).toEqual([])
    expect(press('k', { ctrlKey: true }).defaultPrevented).toBe(true)
    expect(done).toEqual(['a'])
  })

  it('that are blocked keep the key from the browser, and do nothing', async () => {
    await show({ render: () => null })
    const done: string[] = []
    const blocked = { id: 'a', title: 'a', group: 'g', keys: 'Mod+K', blocked: 'Not now' }
    useCommands().add(() => [{ ...blocked, run: () => done.push('a') }])
    expect(press('k', { ctrlKey: true }).defaultPrevented).toBe(true)
    expect(done).toEqual([])
  })
})
