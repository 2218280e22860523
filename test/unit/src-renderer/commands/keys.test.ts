import { describe, expect, it } from 'vitest'
import type { KeyPress } from '../../../../src-renderer/commands/keys.ts'
import { isPressed, keysOf, keysText } from '../../../../src-renderer/commands/keys.ts'

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
})

describe('isPressed', () => {
  it('takes Ctrl for Mod on a PC and Cmd on a Mac', () => {
    expect(isPressed(press('p', { ctrlKey: true }), 'Mod+P', false)).toBe(true)
    expect(isPressed(press('p', { ctrlKey: true }), 'Mod+P', true)).toBe(false)
    expect(isPressed(press('p', { metaKey: true }), 'Mod+P', true)).toBe(true)
  })

  it('tells Ctrl+P from Ctrl+Shift+P', () => {
    const both = press('P', { ctrlKey: true, shiftKey: true })
    expect(isPressed(both, 'Mod+Shift+P', false)).toBe(true)
    expect(isPressed(both, 'Mod+P', false)).toBe(false)
  })

  it('finds a question mark whatever keys make it', () => {
    expect(isPressed(press('?', { shiftKey: true }), '?', false)).toBe(true)
    expect(isPressed(press('?'), '?', false)).toBe(true)
  })

  it('finds digits on layouts where they need Shift or another sign', () => {
    expect(isPressed(press('&', { ctrlKey: true, code: 'Digit1' }), 'Mod+1', false)).toBe(true)
  })

  it('does not take a letter with Alt for the letter alone', () => {
    expect(isPressed(press('s', { altKey: true }), 'S', false)).toBe(false)
  })
})

it('writes keys as they stand on the keyboard', () => {
  expect(keysText('Mod+Shift+P', false)).toBe('Ctrl+Shift+P')
  expect(keysText('Mod+Shift+P', true)).toBe('⌘⇧P')
})

describe('keysOf', () => {
  it('says the combination that isPressed takes for the same press', () => {
    const presses = [
      press('p', { code: 'KeyP', ctrlKey: true }),
      press('P', { code: 'KeyP', ctrlKey: true, shiftKey: true }),
      press('!', { code: 'Digit1', altKey: true, shiftKey: true }),
      press('å', { code: 'KeyA', altKey: true }),
      press('?', { code: 'Slash', shiftKey: true }),
      press('F6', { code: 'F6', shiftKey: true }),
      press('ArrowUp', { code: 'ArrowUp', altKey: true }),
    ]
    const keys = presses.map((p) => keysOf(p, false))
    expect(keys).toEqual(['Mod+P', 'Mod+Shift+P', 'Alt+Shift+1', 'Alt+A', '?', 'Shift+F6', 'Alt+ArrowUp'])
    presses.forEach((p, i) => expect(isPressed(p, keys[i] as string, false), keys[i] as string).toBe(true))
  })

  it('takes Cmd for Mod on a Mac', () => {
    expect(keysOf(press('k', { code: 'KeyK', metaKey: true }), true)).toBe('Mod+K')
    expect(keysOf(press('k', { code: 'KeyK', ctrlKey: true }), true)).toBeNull()
  })

  it('refuses keys that hold others and keys by which people move and leave', () => {
    for (const key of ['Control', 'Shift', 'Tab', 'Escape', 'Enter', ' '])
      expect(keysOf(press(key), false), key).toBeNull()
  })
})
