import { dialog } from 'electron'
import type { BrowserWindow, OpenDialogOptions } from 'electron'
import type { ChoosePath } from '../../service/parts.ts'
import type { PathGrants } from '../path-grants.ts'

/** The file dialog of the system over the app's window; what it returns is granted to the page. */
export function chooseInDialog(windowOf: () => BrowserWindow | null, grants: PathGrants): ChoosePath {
  return async ({ kind, title, suggested }) => {
    const window = windowOf()
    if (window === null) return null
    const path = await (kind === 'new-file'
      ? newFile(window, title, suggested)
      : existing(window, kind, title))
    if (path !== null) grants.grant(path)
    return path
  }
}

async function existing(
  window: BrowserWindow,
  kind: 'folder' | 'file',
  title: string,
): Promise<string | null> {
  const properties: OpenDialogOptions['properties'] =
    kind === 'folder' ? ['openDirectory', 'createDirectory'] : ['openFile']
  const { canceled, filePaths } = await dialog.showOpenDialog(window, { title, properties })
  return canceled ? null : (filePaths[0] ?? null)
}

async function newFile(window: BrowserWindow, title: string, suggested: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, { title, defaultPath: suggested })
  return canceled || filePath === '' ? null : filePath
}
