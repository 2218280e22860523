import { lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { packApp } from '../../../scripts/package/pack-app.ts'
import type { DesktopApp } from '../../electron-stand-in/driver.ts'
import { startDesktop } from '../../electron-stand-in/driver.ts'
import { writeClassImages } from '../../support/class-images.ts'
import { standInElectron } from '../../support/stand-in-electron.ts'
import { findChromium } from '../browser.ts'
import type { Scenario } from '../scenario.ts'
import { check, checkEqual } from '../scenario.ts'
import { tinyYaml } from '../tiny-training.ts'
import { writeYaml } from '../write-yaml.ts'

const require = createRequire(import.meta.url)
const EPOCHS = 1

/**
 * Packs the app and lays its archive out as a folder of the same name: Electron reads one as the other, a plain Node cannot.
 * @returns the folder of resources
 */
async function pack(folder: string): Promise<string> {
  const { version } = require('electron/package.json') as { version: string }
  const dist = standInElectron(join(folder, 'electron'), version)
  const builderArguments = ['--linux', 'dir', `-c.electronDist=${dist}`, `-c.electronVersion=${version}`]
  await packApp({ node: process.execPath, builderArguments, output: join(folder, 'release') })
  const resources = join(folder, 'release', 'linux-unpacked', 'resources')
  const builder = createRequire(realpathSync(require.resolve('electron-builder/package.json')))
  const { extractAll } = createRequire(builder.resolve('app-builder-lib'))('@electron/asar') as {
    extractAll(archive: string, to: string): void
  }
  extractAll(join(resources, 'app.asar'), join(resources, 'laid-out'))
  rmSync(join(resources, 'app.asar'))
  renameSync(join(resources, 'laid-out'), join(resources, 'app.asar'))
  return resources
}

async function addByDialog(app: DesktopApp, page: Page, folder: string): Promise<void> {
  await page.getByRole('link', { name: 'Data', exact: true }).click()
  await page.getByRole('main').getByRole('button', { name: 'Add data' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Add data' })
  app.ask({ kind: 'answer', answer: { canceled: false, filePaths: [folder] } })
  await dialog.getByRole('button', { name: 'Folder…' }).click()
  await dialog.getByLabel('Name in the list').fill('bars and rings')
  await dialog.getByRole('button', { name: 'Add and check' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'bars and rings' }).waitFor()
}

async function trainToTheEnd(page: Page, home: string): Promise<void> {
  await page.getByRole('link', { name: 'Experiment', exact: true }).click()
  await writeYaml(page, tinyYaml(home, EPOCHS))
  await page.getByRole('button', { name: 'Check and queue' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Queue the run' }).click()
  await page.getByRole('region', { name: 'Finished and stopped' }).getByText('Tiny bars').waitFor()
}

const packed: Scenario = {
  name: 'desktop: the packed app opens with its own Node, adds a folder by dialog, trains, and shows it again',
  run: async (stage) => {
    const folder = join(stage.home, '..', 'packing')
    mkdirSync(folder)
    const resources = await pack(folder)
    const person = join(folder, 'person')
    const images = join(stage.home, '..', 'images')
    await writeClassImages(images)
    const options = {
      home: stage.home,
      userData: join(folder, 'user-data'),
      main: join(resources, 'app.asar', 'out', 'main', 'electron.js'),
      env: {
        STAND_IN_PACKAGED: '1',
        STAND_IN_RESOURCES: resources,
        COTRAIN_NODE: '',
        CHROMIUM_PATH: findChromium(),
        // As a desktop starts programs: nothing of a developer's machine is found.
        PATH: '/nowhere',
        HOME: person,
      },
    }
    const first = startDesktop(options)
    try {
      const page = await first.page()
      await page.getByRole('main').waitFor()
      await addByDialog(first, page, images)
      await trainToTheEnd(page, stage.home)
      const log = readFileSync(join(options.userData, 'logs', 'cotrain.log'), 'utf8')
      check('workers run on the Node that was shipped', log.includes('Node shipped with the app'), log)
      first.ask({ kind: 'menu', label: 'Install the command "cotrain"' })
      await first.hears('dialog', ({ options: said }) => JSON.stringify(said).includes('was installed'))
      const command = lstatSync(join(person, '.local', 'bin', 'cotrain'))
      check('the command leads to the app', command.isSymbolicLink())
      first.ask({ kind: 'quit' })
      checkEqual('it ends well', await first.ended, 0)
    } finally {
      await first.kill()
    }
    const second = startDesktop(options)
    try {
      const page = await second.page()
      await page.getByRole('main').getByText('Tiny bars').first().waitFor()
      second.ask({ kind: 'quit' })
      checkEqual('it ends well again', await second.ended, 0)
    } finally {
      await second.kill()
    }
  },
}

export const scenarios: readonly Scenario[] = process.platform === 'linux' ? [packed] : []
