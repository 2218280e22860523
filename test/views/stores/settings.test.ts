import { afterEach, describe, expect, it, vi } from 'vitest'
import { useSettings } from '../../../src-renderer/stores/settings.ts'
import type { Showing } from '../../support/show.ts'
import { settled, show } from '../../support/show.ts'

const empty = (given: Showing = {}) => show({ render: () => null }, given)
const pageTheme = () => document.documentElement.dataset['theme']
/** A system that is light or dark, and says when that changes. */
function systemTheme(isDark: boolean): (isDark: boolean) => void {
  const hearers = new Set<(event: { matches: boolean }) => void>()
  const query = {
    matches: isDark,
    media: '',
    onchange: null,
    addEventListener: (_: string, hear: (event: { matches: boolean }) => void) => hearers.add(hear),
    removeEventListener: (_: string, hear: (event: { matches: boolean }) => void) => hearers.delete(hear),
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => true,
  }
  vi.stubGlobal('matchMedia', () => query)
  return (next) => {
    query.matches = next
    hearers.forEach((hear) => hear({ matches: next }))
  }
}

describe('the theme', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    localStorage.clear()
  })

  it('follows the system until a person chooses one', async () => {
    const change = systemTheme(true)
    await empty()
    const settings = useSettings()
    await settings.load()
    await settled()
    expect([settings.theme, pageTheme()]).toEqual(['dark', 'dark'])
    change(false)
    await settled()
    expect([settings.theme, pageTheme()]).toEqual(['light', 'light'])
    await settings.save({ theme: 'dark' })
    await settled()
    expect(pageTheme()).toBe('dark')
    change(false)
    await settled()
    expect(pageTheme()).toBe('dark')
  })

  it('is remembered, so that the next start does not flash', async () => {
    systemTheme(false)
    await empty()
    await useSettings().save({ theme: 'dark' })
    expect(localStorage.getItem('cotrain.theme')).toBe('dark')
  })

  it.each([
    ['dark', 'dark'],
    ['light', 'light'],
    ['system', 'light'],
    ['purple', 'light'],
  ])('remembered as %s is %s before the service answers', async (kept, theme) => {
    systemTheme(false)
    await empty({ state: 'loading' })
    localStorage.setItem('cotrain.theme', kept)
    expect(useSettings().theme).toBe(theme)
  })

  it('remembered as light is light on a dark system too', async () => {
    systemTheme(true)
    await empty({ state: 'loading' })
    localStorage.setItem('cotrain.theme', 'light')
    expect(useSettings().theme).toBe('light')
  })

  it('of the service wins over the remembered one', async () => {
    systemTheme(false)
    await empty()
    localStorage.setItem('cotrain.theme', 'dark')
    const settings = useSettings()
    expect(settings.theme).toBe('dark')
    await settings.load()
    expect(settings.theme).toBe('light')
    expect(localStorage.getItem('cotrain.theme')).toBe('system')
  })
})

describe('the settings', () => {
  it('are those of the service after a change, and stay when it is refused', async () => {
    const { paramsOf } = await empty()
    const settings = useSettings()
    await settings.load()
    await settings.save({ author: 'Ada', threads: 3 })
    expect(paramsOf('settings.set')).toEqual([{ author: 'Ada', threads: 3 }])
    expect(settings.settings).toMatchObject({ author: 'Ada', threads: 3, notify: true })
    await expect(settings.save({ threads: -1 })).rejects.toThrow(/0/)
    expect(settings.settings.threads).toBe(3)
  })
})
