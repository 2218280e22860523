import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { lockHolder } from '../../../src-main/disk/file-lock.ts'
import { homeLayout } from '../../../src-main/disk/home-layout.ts'
import { isAlive } from '../../../src-main/disk/process-identity.ts'
import { runLayout } from '../../../src-main/store/files/layout.ts'
import type { DesktopApp, DesktopOptions } from '../../electron-stand-in/driver.ts'
import { faultsOf, startDesktop } from '../../electron-stand-in/driver.ts'
import type { Scenario, Stage } from '../scenario.ts'
import { check, checkEqual, eventually } from '../scenario.ts'
import { tinyYaml } from '../tiny-training.ts'
import { writeYaml } from '../write-yaml.ts'

const root = join(import.meta.dirname, '../../..')
/** Longer than the run is let live. */
const EPOCHS = 500

const dataOf = (stage: Stage): string => join(stage.home, '../desktop')
const logOf = (stage: Stage): string => join(dataOf(stage), 'logs', 'cotrain.log')

/** Runs with the app, which does not outlive the scenario. */
async function withApp(
  stage: Stage,
  use: (app: DesktopApp) => Promise<void>,
  options: Partial<DesktopOptions> = {},
): Promise<void> {
  const app = startDesktop({ home: stage.home, userData: dataOf(stage), ...options })
  try {
    await use(app)
  } finally {
    await app.kill()
  }
}

const opens: Scenario = {
  name: 'desktop: the window opens, its page is alone, and the app quits in order',
  run: (stage) =>
    withApp(stage, async (app) => {
      const page = await app.page()
      await page.getByRole('main').waitFor()
      checkEqual('the page has no Node and no Electron', await page.evaluate(reachable), [])
      check('the log names every step', /start: the window/.test(readFileSync(logOf(stage), 'utf8')))

      const odd = await page.evaluate(askOddly)
      check(
        'calls that make no sense are refused one by one',
        odd.every((code) => code !== 'answered'),
        odd,
      )
      const { isGranted, isChecked } = await permission(app, 'media')
      checkEqual('the camera is refused, asked for and looked up', [isGranted, isChecked], [false, false])
      await page.evaluate(() => {
        window.location.href = 'https://example.org/'
      })
      await page.evaluate(() => void window.open('https://doi.org/10.1/x'))
      checkEqual(
        'a known page opens in the browser',
        (await app.hears('external'))['url'],
        'https://doi.org/10.1/x',
      )
      check('the window stays on its page', page.url().startsWith('https://cotrain.invalid/'), page.url())

      const config = join(stage.home, 'from the system.cotrain.yaml')
      writeFileSync(config, tinyYaml(stage.home, 1).replace('Tiny bars', 'From the system'))
      const opener = startDesktop({ home: stage.home, userData: dataOf(stage), args: [config] })
      checkEqual('a config is handed over to the app', await opener.ended, 0)
      await page.waitForURL(/#\/edit/)
      await page.getByText('name: From the system').first().waitFor()

      app.ask({ kind: 'menu', label: 'Show log folder' })
      checkEqual('the menu leads to the log', (await app.hears('folder'))['path'], logOf(stage))
      app.ask({ kind: 'quit' })
      checkEqual('the app ends well', await app.ended, 0)
      checkEqual('nothing forbidden was tried', faultsOf(app), [])
      check('its lock is given back', !existsSync(join(dataOf(stage), 'SingletonLock')))
    }),
}

/** Names that a page must not know. */
const reachable = (): string[] =>
  ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron', '__toMain', '__fromMain'].filter(
    (name) => name in globalThis,
  )

/** Calls of a page that has been taken over; each is answered by a problem or fails. */
async function askOddly(): Promise<string[]> {
  const { call } = (
    window as unknown as { cotrain: { call(method: unknown, params: unknown): Promise<unknown> } }
  ).cotrain
  const said: string[] = []
  for (const [method, params] of [
    ['__proto__', {}],
    ['constructor', {}],
    ['runs.get', { id: '../../etc/passwd' }],
    ['runs.get', { id: { $ne: 1 } }],
    ['data.inspect', { path: '/etc/passwd' }],
    [{ method: 'app.info' }, null],
    ['config.check', { config: 'x'.repeat(5_000_000) }],
  ] as const)
    said.push(
      await call(method, params).then(
        (reply) => ((reply as { ok: boolean }).ok ? 'answered' : 'refused'),
        () => 'failed',
      ),
    )
  return said
}

function permission(app: DesktopApp, name: string) {
  app.ask({ kind: 'permission', permission: name })
  return app.hears('permission')
}

const waits: Scenario = {
  name: 'desktop: a main module that waits for Electron at its top opens no window',
  run: async (stage) => {
    const copy = join(stage.home, '../waiting')
    mkdirSync(join(copy, 'out'), { recursive: true })
    cpSync(join(root, 'out/main'), join(copy, 'out/main'), { recursive: true })
    cpSync(join(root, 'package.json'), join(copy, 'package.json'))
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
    symlinkSync(join(root, 'out/renderer'), join(copy, 'out/renderer'), 'junction')
    const main = join(copy, 'out/main/electron.js')
    const text = readFileSync(main, 'utf8')
    const faulty = text.replace(/^(\s*)start\(\)\.catch/m, '$1await start().catch')
    check('the fault is in the copy', faulty !== text)
    writeFileSync(main, faulty)
    await withApp(
      stage,
      async (app) => {
        await eventually(
          'the start waits for Electron',
          () => existsSync(logOf(stage)) && readFileSync(logOf(stage), 'utf8'),
          (log) => log !== false && log.includes('start: the system to be ready'),
        )
        await wait(3_000) // without the fault the window is asked for at once
        checkEqual(
          'no window',
          app.told.filter(({ kind }) => kind === 'window'),
          [],
        )
      },
      { main },
    )
  },
}

async function train(stage: Stage, page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Experiment', exact: true }).click()
  await writeYaml(page, tinyYaml(stage.home, EPOCHS))
  await page.getByRole('button', { name: 'Check and queue' }).click()
  const queue = page.getByRole('dialog').getByRole('button', { name: 'Queue the run' })
  await eventually(
    'the check ends',
    () => queue.getAttribute('aria-disabled'),
    (blocked) => blocked === null,
  )
  await queue.click()
  await page
    .getByRole('article')
    .getByText(/epoch [2-9]/i)
    .waitFor()
  return readdirSync(homeLayout(stage.home).runs)[0] ?? ''
}

const works: Scenario = {
  name: 'desktop: a run in training outlives a crashed window and a quit; links and a second start lead to it',
  run: async (stage) => {
    let id = ''
    await withApp(stage, async (app) => {
      let page = await app.page()
      id = await train(stage, page)
      await app.hears('awake')
      await app.hears('progress', ({ value }) => Number(value) > 0 && Number(value) < 1)

      const second = startDesktop({
        home: stage.home,
        userData: dataOf(stage),
        args: [`cotrain://runs/${id}`],
      })
      checkEqual('a second start ends by itself', await second.ended, 0)
      await page.waitForURL(new RegExp(`#/runs/${id}`))
      await app.hears('focused')
      app.ask({ kind: 'open-url', url: 'cotrain://runs/../../evil' })

      app.ask({ kind: 'crash' })
      const { options } = await app.hears('dialog')
      check('it says that runs go on', JSON.stringify(options).includes('go on'), options)
      app.ask({ kind: 'answer', answer: 0 })
      page = await app.page()
      await page.getByRole('main').getByText('Tiny bars').first().waitFor()

      app.ask({ kind: 'quit' })
      await app.hears('dialog', ({ options: asked }) => JSON.stringify(asked).includes('still training'))
      app.ask({ kind: 'answer', answer: 2 }) // cancel
      app.ask({ kind: 'quit' })
      await eventually(
        'quitting asks again',
        () =>
          app.told.filter(
            ({ kind, options: o }) => kind === 'dialog' && JSON.stringify(o).includes('still training'),
          ),
        (asked) => asked.length === 2,
      )
      app.ask({ kind: 'answer', answer: 0 }) // keep training
      checkEqual('the app ends well', await app.ended, 0)
    })
    const holder = lockHolder(runLayout(join(homeLayout(stage.home).runs, id)).lock)
    check('the run goes on without the app', holder !== null && isAlive(holder) === true)

    await withApp(stage, async (app) => {
      const page = await app.page()
      await page.getByRole('link', { name: 'Queue', exact: true }).click()
      await page.getByRole('article').getByText('Tiny bars').waitFor()
      app.ask({ kind: 'minimize' })
      if (holder !== null) process.kill(holder.pid, 'SIGKILL')
      const { title } = await app.hears('notification')
      checkEqual('the end is told', title, 'Tiny bars was interrupted')
      app.ask({ kind: 'click-notification' })
      await page.waitForURL(new RegExp(`#/runs/${id}`))
      app.ask({ kind: 'close-window' })
      checkEqual('the last window ends the app', await app.ended, 0)
    })
  },
}

export const scenarios: readonly Scenario[] = [opens, waits, works]
