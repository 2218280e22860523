import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { DesktopApp } from '../electron-stand-in/driver.ts'
import { faultsOf, startDesktop } from '../electron-stand-in/driver.ts'
import { guardedEnvironment } from '../support/network-guard.ts'
import { PAGE_HELPER } from './browser.ts'
import type { OpenStage } from './open-stage.ts'
import { killWorkers, loggedCalls, photographPages, WAIT_MS } from './open-stage.ts'
import { makeHome } from './served-app.ts'

/** The built desktop app on the stand-in of Electron, as a stage of the same scenarios. */
export function openDesktopStage(): OpenStage {
  const folder = mkdtempSync(join(tmpdir(), 'cotrain-e2e-'))
  const home = makeHome(join(folder, 'home'))
  const networkLog = join(folder, 'network.log')
  const faults: string[] = []
  let app: DesktopApp | null = null
  let page: Page | null = null

  const stop = async (): Promise<void> => {
    if (app === null) return
    await quit(app)
    faults.push(...faultsOf(app).map((told) => JSON.stringify(told)))
    app = null
    page = null
  }
  return {
    home,
    faults,
    networkCalls: () => loggedCalls(networkLog),
    stop,
    serve: (env = {}) => {
      const started = startDesktop({
        home,
        userData: join(folder, 'desktop'),
        env: { TF_NUM_INTRAOP_THREADS: '2', OMP_NUM_THREADS: '2', ...guardedEnvironment(networkLog), ...env },
      })
      app = started
      return Promise.resolve({ launchUrl: '', origin: '', pid: started.pid, stop })
    },
    open: async ({ theme = 'light', width = 1280, height = 800 } = {}) => {
      if (app === null) throw new Error('serve() comes before open()')
      page = await app.page()
      page.setDefaultTimeout(WAIT_MS)
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height })
      await page.getByRole('main').waitFor()
      await page.evaluate(PAGE_HELPER)
      return page
    },
    photograph: (name) => photographPages(name, page === null ? [] : [page]),
    close: async () => {
      await stop()
      killWorkers(home)
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    },
  }
}

/** As a person who lets training go on in the background, should that be asked. */
async function quit(app: DesktopApp): Promise<void> {
  app.ask({ kind: 'answer', answer: 0 })
  app.ask({ kind: 'quit' })
  const late = setTimeout(() => void app.kill(), WAIT_MS)
  const code = await app.ended
  clearTimeout(late)
  if (code !== 0) throw new Error(`the desktop app ended with ${code}`)
}
