import type { MenuItemConstructorOptions } from 'electron'

export interface MenuActions {
  /** Shows a page of the app, by its address after `#`. */
  goTo(page: string): void
  showLog(): void
  /** Puts the command `cotrain` where terminals find it; null where the app is not installed. */
  installCommand: (() => void) | null
}

const PAGES: readonly (readonly [label: string, page: string])[] = [
  ['Start', '/'],
  ['Data', '/data'],
  ['Experiment', '/edit'],
  ['Queue', '/queue'],
  ['Runs', '/runs'],
  ['Compare', '/compare'],
  ['Engine', '/doctor'],
]

/**
 * The menu bar: what systems expect, by role, so that words and keys are theirs, and the pages of the app. Keys of the app
 * itself can be changed in its settings, so none is named here. Nothing here reloads the page or opens other windows.
 */
export function menuTemplate(
  isMac: boolean,
  isDevelopment: boolean,
  { goTo, showLog, installCommand }: MenuActions,
): MenuItemConstructorOptions[] {
  const file: MenuItemConstructorOptions[] = [
    { label: 'New experiment', click: () => goTo('/edit?new=1') },
    { label: 'Settings', click: () => goTo('/settings') },
    { type: 'separator' },
    isMac ? { role: 'close' } : { role: 'quit' },
  ]
  const view: MenuItemConstructorOptions[] = [
    ...PAGES.map(([label, page]) => ({ label, click: () => goTo(page) })),
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    ...(isDevelopment ? [{ role: 'toggleDevTools' as const }] : []),
  ]
  const help: MenuItemConstructorOptions[] = [
    { label: 'Show log folder', click: showLog },
    ...(installCommand === null ? [] : [{ label: 'Install the command "cotrain"', click: installCommand }]),
  ]
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    { label: '&File', submenu: file },
    { role: 'editMenu' },
    { label: '&View', submenu: view },
    { role: 'windowMenu' },
    { role: 'help', submenu: help },
  ]
}
