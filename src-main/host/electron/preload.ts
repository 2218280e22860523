import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { CALL_CHANNEL, DROP_CHANNEL, EVENT_CHANNEL } from './bridge.ts'

/** The page gets three functions and nothing of Electron: no event objects, no channel names. */
contextBridge.exposeInMainWorld('cotrain', {
  call: (method: unknown, params: unknown): Promise<unknown> =>
    ipcRenderer.invoke(CALL_CHANNEL, method, params),
  listen: (event: unknown, handler: (payload: unknown) => void): (() => void) => {
    const receive = (_event: unknown, name: unknown, payload: unknown): void => {
      if (name === event) handler(payload)
    }
    ipcRenderer.on(EVENT_CHANNEL, receive)
    return () => ipcRenderer.off(EVENT_CHANNEL, receive)
  },
  /** Path of a file or folder that a person dropped; null for a File that a script has made. */
  pathOf: async (file: File): Promise<string | null> => {
    const path = webUtils.getPathForFile(file)
    if (path === '') return null
    await ipcRenderer.invoke(DROP_CHANNEL, path)
    return path
  },
})
