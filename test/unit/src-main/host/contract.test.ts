import { join } from 'node:path'
import { vi } from 'vitest'
import { createPathGrants } from '../../../../src-main/host/path-grants.ts'
import { startServer } from '../../../../src-main/host/web/server.ts'
import { replyTo } from '../../../../src-main/host/reply.ts'
import type { Answer } from '../../../contract/suite.ts'
import { contractSuite } from '../../../contract/suite.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'
import { openTestService } from '../../../support/test-service.ts'
import { webClient } from '../../../support/web-client.ts'

const root = temporaryFolder()

/** Electron as the two host files see it: one window, one main process, messages copied on their way. */
const electron = vi.hoisted(() => {
  const handlers = new Map<string, (event: unknown, ...args: unknown[]) => unknown>()
  const receivers = new Map<string, Set<(...args: unknown[]) => void>>()
  const exposed: Record<string, unknown> = {}
  const copy = <T>(value: T): T => structuredClone(value)
  return {
    exposed,
    ipcMain: {
      handle: (channel: string, handler: (event: unknown, ...args: unknown[]) => unknown) =>
        handlers.set(channel, handler),
    },
    dialog: { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: ['/tmp'] }) },
    webUtils: { getPathForFile: () => '' },
    contextBridge: { exposeInMainWorld: (name: string, value: unknown) => (exposed[name] = value) },
    ipcRenderer: {
      invoke: async (channel: string, ...args: unknown[]) => {
        const event = { senderFrame: { url: 'app://cotrain/#/runs', parent: null } }
        return copy(await handlers.get(channel)?.(event, ...(copy(args) as unknown[])))
      },
      on: (channel: string, receiver: (...args: unknown[]) => void) =>
        receivers.set(channel, (receivers.get(channel) ?? new Set()).add(receiver)),
      off: (channel: string, receiver: (...args: unknown[]) => void) =>
        receivers.get(channel)?.delete(receiver),
    },
    window: {
      isDestroyed: () => false,
      on: () => undefined,
      webContents: {
        send: (channel: string, ...args: unknown[]) =>
          receivers.get(channel)?.forEach((receive) => receive({}, ...(copy(args) as unknown[]))),
      },
    },
  }
})
vi.mock('electron', () => electron)

contractSuite('a direct call', async () => {
  const app = openTestService(join(root, 'direct'))
  app.service.watch()
  await app.workspace.supervisor.start()
  return {
    call: (method, params) => replyTo(app.service, method, params, () => undefined) as Promise<Answer>,
    listen: (event, handler) => app.service.listen(event as never, handler as never),
    close: app.close,
    answered: app.answered,
  }
})

contractSuite('the web server', async () => {
  const app = openTestService(join(root, 'web'))
  app.service.watch()
  await app.workspace.supervisor.start()
  const client = await webClient(await startServer({ service: app.service, root }), app.close)
  return { ...client, answered: app.answered }
})

const openElectron = async () => {
  const grants = createPathGrants()
  const { chooseInDialog } = await import('../../../../src-main/host/electron/electron-dialog.ts')
  const choose = chooseInDialog(() => electron.window as never, grants)
  const app = openTestService(join(root, 'electron'), {}, choose)
  app.service.watch()
  await app.workspace.supervisor.start()
  const { answerCalls, sendEventsTo } = await import('../../../../src-main/host/electron/electron-ipc.ts')
  await import('../../../../src-main/host/electron/preload.ts')
  answerCalls(app.service, grants, () => undefined)
  sendEventsTo(electron.window as never, app.service)
  const bridge = electron.exposed['cotrain'] as {
    call: (method: string, params: unknown) => Promise<Answer>
    listen: (event: string, handler: (payload: unknown) => void) => () => void
  }
  return { ...bridge, close: app.close, answered: app.answered }
}
contractSuite('the Electron window', openElectron, true)
