import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { chromium } from 'playwright-core'
import { chromiumArguments, findChromium } from '../e2e/browser.ts'
import { tell, userData } from './state.ts'

let opened: Promise<BrowserContext> | undefined
const atEnd: (() => void)[] = []

/** The Chromium in which the windows of the app are pages; a test joins it over the address that it is told. */
export const windows = (): Promise<BrowserContext> => (opened ??= open())

export const endChromium = (): void => atEnd.forEach((end) => end())

async function open(): Promise<BrowserContext> {
  // Goes with the folder of the test: right after its end Chromium still writes there.
  mkdirSync(userData, { recursive: true })
  const profile = mkdtempSync(join(userData, 'chromium-'))
  const child = spawn(
    findChromium(),
    [
      ...chromiumArguments(),
      '--headless=new',
      '--remote-debugging-port=0',
      // Chromium ends when this pipe closes, so it does not outlive an app that was killed.
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
  )
  atEnd.push(() => void child.kill('SIGKILL'))
  const address = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (text) => {
      said += String(text)
      const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`Chromium ended with ${code}: ${said}`)))
  })
  const browser = await chromium.connectOverCDP(address)
  tell({ kind: 'chromium', address })
  const [context] = browser.contexts()
  if (context === undefined) throw new Error('Chromium has no context')
  return context
}
