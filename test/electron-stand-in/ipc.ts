import { strict } from './strict.ts'
import { wire } from './wire.ts'

type Handler = (event: object, ...args: unknown[]) => unknown

const handlers = new Map<string, Handler>()

export const ipcMain = strict('ipcMain', {
  handle: (channel: string, handler: Handler): void => {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, handler)
  },
})

/** Answers one `invoke`: the text that the isolated world is given. https://www.electronjs.org/docs/latest/api/ipc-renderer */
export async function answerInvoke(text: string, event: object): Promise<string> {
  const { call, channel, args } = wire.unpack(text) as { call: number; channel: string; args: unknown[] }
  try {
    const handler = handlers.get(channel)
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
    const value = await handler(event, ...args)
    return wire.pack({ kind: 'answer', call, value })
  } catch (error) {
    return wire.pack({
      kind: 'answer',
      call,
      error: `Error invoking remote method '${channel}': ${String(error)}`,
    })
  }
}
