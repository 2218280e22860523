import { contextBridge, ipcRenderer } from 'electron'
import { CALL_CHANNEL, EVENT_CHANNEL } from './bridge.ts'

/** The page gets two functions and nothing of Electron: no event objects, no channel names. */
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
})
