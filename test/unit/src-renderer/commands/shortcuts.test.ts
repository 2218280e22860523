import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Shortcut } from '../../../../src-renderer/commands/shortcuts.ts'
import {
  VIEW_SHORTCUTS,
  conflictOf,
  shortcutsOf,
  withChosenKeys,
} from '../../../../src-renderer/commands/shortcuts.ts'

const run = (): void => undefined
const shortcut = (id: string, group: string, keys: string): Shortcut => ({ id, title: id, group, keys })

describe('chosen keys', () => {
  const command = { id: 'find', title: 'Search', group: 'Everywhere', keys: 'Mod+F', run }

  it('take the place of the own ones', () => {
    expect(withChosenKeys(command, {}).keys).toBe('Mod+F')
    expect(withChosenKeys(command, { find: 'Alt+F', other: 'X' }).keys).toBe('Alt+F')
  })

  it('can be none', () => {
    expect(withChosenKeys(command, { find: '' })).not.toHaveProperty('keys')
  })
})

describe('the list of shortcuts', () => {
  it('has each once, open views first, and only commands with keys', () => {
    const open = [
      { id: 'a', title: 'A now', group: 'Run', keys: 'S', run },
      { id: 'b', title: 'B', group: 'Run', run },
    ]
    const others = [shortcut('a', 'Run', 'S'), shortcut('c', 'Data', 'D')]
    expect(shortcutsOf(open, others).map(({ id, title }) => [id, title])).toEqual([
      ['a', 'A now'],
      ['c', 'c'],
    ])
  })

  it('knows those of every view, as the views offer them', () => {
    const root = join(import.meta.dirname, '../../../../src-renderer/features')
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'StyleguideView.vue')
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    const offered = files.flatMap((text) =>
      [...text.matchAll(/\bid: '([^']+)',[^{}]*?\bkeys: '([^']+)'/g)].map(([, id, keys]) => `${id}: ${keys}`),
    )
    expect(offered.length).toBeGreaterThan(5)
    // Two views may offer the same command with the same keys.
    expect([...new Set(offered)].sort()).toEqual(
      VIEW_SHORTCUTS.map(({ id, keys }) => `${id}: ${keys}`).sort(),
    )
  })
})

describe('a conflict', () => {
  const all = [
    shortcut('palette', 'Everywhere', 'Mod+Shift+P'),
    shortcut('star', 'Run', 'S'),
    shortcut('edit', 'Run', 'Mod+E Mod+Shift+E'),
    shortcut('group', 'Compare', 'G'),
  ]
  const find = (id: string): Shortcut => all.find((s) => s.id === id) as Shortcut

  it('is the use of the same keys in one view, or in a view and everywhere', () => {
    expect(conflictOf(all, find('star'), 'Mod+Shift+E')?.id).toBe('edit')
    expect(conflictOf(all, find('star'), 'Mod+Shift+P')?.id).toBe('palette')
    expect(conflictOf(all, find('palette'), 'G')?.id).toBe('group')
  })

  it('is neither the use in another view nor the own one', () => {
    expect(conflictOf(all, find('star'), 'G')).toBeNull()
    expect(conflictOf(all, find('star'), 'S')).toBeNull()
  })

  it('is not there between the shortcuts that the app comes with', () => {
    for (const one of VIEW_SHORTCUTS) expect(conflictOf(VIEW_SHORTCUTS, one, one.keys), one.id).toBeNull()
  })
})
