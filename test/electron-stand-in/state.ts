import { EventEmitter } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a test is told, and what it can ask for; see `driver.ts`. */
export interface Told {
  readonly kind: string
  readonly [detail: string]: unknown
}

/** Tells the test what the app has asked of the desktop. */
export const tell = (told: Told): void => void process.send?.(told)

/** Requests of the test, by kind. */
export const requests = new EventEmitter()
process.on('message', (message: Told) => requests.emit(message.kind, message))

export const userData = process.env['STAND_IN_USER_DATA'] ?? mkdtempSync(join(tmpdir(), 'stand-in-'))

let isReady = false
export const ready = {
  is: (): boolean => isReady,
  set: (): void => void (isReady = true),
  /** https://www.electronjs.org/docs/latest/api/app#event-ready: most modules can be used only after it. */
  need: (what: string): void => {
    if (!isReady) throw new Error(`${what} can only be used after the app is ready`)
  },
  refuse: (what: string): void => {
    if (isReady) throw new Error(`${what} must be called before the app is ready`)
  },
}

/** A prevented event, as Electron hands it to listeners. */
export function preventable(): { preventDefault(): void; readonly defaultPrevented: boolean } {
  let isPrevented = false
  return {
    preventDefault: () => void (isPrevented = true),
    get defaultPrevented() {
      return isPrevented
    },
  }
}
