import { ipcMain } from 'electron'
import type { BrowserWindow, IpcMainInvokeEvent } from 'electron'
import { events } from '../../../src-shared/contract/contract.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { keysOf } from '../../../src-shared/util/entries-of.ts'
import type { RunningService } from '../../service/create-service.ts'
import { APP_ORIGIN } from './app-protocol.ts'
import { CALL_CHANNEL, DROP_CHANNEL, EVENT_CHANNEL } from './bridge.ts'
import type { PathGrants } from '../path-grants.ts'
import type { Reply } from '../reply.ts'
import { replyTo } from '../reply.ts'

/** Answers calls of our own page, and of nothing else that may come to run in the window. */
export function answerCalls(service: RunningService, grants: PathGrants, log: (text: string) => void): void {
  ipcMain.handle(CALL_CHANNEL, (event, method: unknown, params: unknown): Promise<Reply> => {
    if (!isOwnPage(event)) {
      const message = 'only the page of the app may call the service.'
      return refused({ code: 'not-allowed', message })
    }
    const refusal = grants.refusal(method, params)
    return refusal === null ? replyTo(service, method, params, log) : refused(refusal)
  })
  ipcMain.handle(DROP_CHANNEL, (event, path: unknown) => {
    if (isOwnPage(event) && typeof path === 'string' && path !== '') grants.grant(path)
  })
}

const refused = (problem: Problem): Promise<Reply> => Promise.resolve({ ok: false, problems: [problem] })

/** Sends every event to the window while it lives. */
export function sendEventsTo(window: BrowserWindow, service: RunningService): void {
  const ends = keysOf(events).map((name) =>
    service.listen(name, (payload) => {
      if (!window.isDestroyed()) window.webContents.send(EVENT_CHANNEL, name, payload)
    }),
  )
  window.on('closed', () => ends.forEach((end) => end()))
}

function isOwnPage({ senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && originOf(senderFrame.url) === APP_ORIGIN
}

/** `URL.origin` is "null" for schemes that are not the web's. */
function originOf(url: string): string {
  if (!URL.canParse(url)) return ''
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}
