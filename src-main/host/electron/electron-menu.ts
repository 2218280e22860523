import type { MenuItemConstructorOptions } from 'electron'

/**
 * The menu bar: what systems expect, by role, so that words and keys are theirs. Commands of the app itself are in its own
 * palette, the same on every host. Nothing here reloads the page or opens other windows.
 */
export function menuTemplate(
  isMac: boolean,
  isDevelopment: boolean,
  showLog: () => void,
): MenuItemConstructorOptions[] {
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    ...(isDevelopment ? [{ role: 'toggleDevTools' as const }] : []),
  ]
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    { label: '&File', submenu: [isMac ? { role: 'close' } : { role: 'quit' }] },
    { role: 'editMenu' },
    { label: '&View', submenu: view },
    { role: 'windowMenu' },
    { role: 'help', submenu: [{ label: 'Show log folder', click: showLog }] },
  ]
}
