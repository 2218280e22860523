import { describe, expect, it } from 'vitest'
import { edit, redo, startHistory, undo } from '../../../../src-renderer/config/text-history.ts'

describe('undo and redo', () => {
  it('makes one step of quick edits of one field', () => {
    let h = startHistory('a')
    h = edit(h, 'ab', 'lr', 0)
    h = edit(h, 'abc', 'lr', 500)
    expect(undo(h).present).toBe('a')
    expect(redo(undo(h)).present).toBe('abc')
  })

  it('makes two steps of different fields or a pause', () => {
    let h = edit(startHistory('a'), 'ab', 'lr', 0)
    h = edit(h, 'abc', 'patience', 100)
    h = edit(h, 'abcd', 'patience', 60_000)
    expect(undo(h).present).toBe('abc')
    expect(undo(undo(h)).present).toBe('ab')
  })

  it('forgets what was undone once something else is edited', () => {
    const h = edit(undo(edit(startHistory('a'), 'b', 'x', 0)), 'c', 'x', 1)
    expect(h.future).toEqual([])
    expect(undo(h).present).toBe('a')
  })

  it('does nothing at the ends', () => {
    const h = startHistory('a')
    expect(undo(h)).toBe(h)
    expect(redo(h)).toBe(h)
  })
})
