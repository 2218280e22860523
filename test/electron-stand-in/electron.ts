/** What the app imports as `electron`. A name that is missing here fails the import, by name. */
export { app } from './app.ts'
export {
  clipboard,
  dialog,
  Menu,
  Notification,
  powerSaveBlocker,
  screen,
  session,
  shell,
  utilityProcess,
} from './desktop.ts'
export { ipcMain } from './ipc.ts'
export { protocol } from './protocol.ts'
export { BrowserWindow } from './window.ts'
