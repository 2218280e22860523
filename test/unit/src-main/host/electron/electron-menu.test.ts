import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { menuTemplate } from '../../../../../src-main/host/electron/electron-menu.ts'

const gone: string[] = []
const actions = {
  goTo: (page: string) => gone.push(page),
  showLog: () => gone.push('log'),
  installCommand: () => gone.push('command'),
}
const itemsOf = (isMac: boolean, isDevelopment: boolean): MenuItemConstructorOptions[] =>
  menuTemplate(isMac, isDevelopment, actions).flatMap((menu) => [
    menu,
    ...((menu.submenu as MenuItemConstructorOptions[] | undefined) ?? []),
  ])
const roles = (isMac: boolean, isDevelopment: boolean) =>
  itemsOf(isMac, isDevelopment).flatMap(({ role }) => role ?? [])

describe('the menu', () => {
  it('has the roles that a system expects', () => {
    expect(roles(false, false)).toEqual(
      expect.arrayContaining(['editMenu', 'windowMenu', 'quit', 'zoomIn', 'togglefullscreen', 'help']),
    )
    expect(roles(true, false)).toEqual(expect.arrayContaining(['appMenu', 'close']))
  })

  it('reloads nothing, and shows developer tools to developers only', () => {
    expect(roles(false, true)).toContain('toggleDevTools')
    expect(JSON.stringify(roles(false, false))).not.toMatch(/toggleDevTools|reload|viewMenu/i)
  })

  it.each([
    ['New experiment', '/edit?new=1'],
    ['Settings', '/settings'],
    ['Queue', '/queue'],
    ['Compare', '/compare'],
    ['Show log folder', 'log'],
    ['Install the command "cotrain"', 'command'],
  ])('leads with "%s" to %s', (label, page) => {
    gone.length = 0
    const item = itemsOf(false, false).find((known) => known.label === label)
    item?.click?.(undefined as never, undefined, undefined as never)
    expect(gone).toEqual([page])
  })
})
