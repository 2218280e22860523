import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { lockHolder } from '../../../src-main/disk/file-lock.ts'
import { homeLayout } from '../../../src-main/disk/home-layout.ts'
import { runLayout } from '../../../src-main/store/files/layout.ts'
import type { Scenario } from '../scenario.ts'
import { check, eventually } from '../scenario.ts'
import { tinyYaml } from '../tiny-training.ts'
import { writeYaml } from '../write-yaml.ts'

const EPOCHS = 500

const killedWorker: Scenario = {
  name: 'a killed worker shows as interrupted and goes on from the page of the run',
  onDesktop: 'when asked',
  run: async (stage) => {
    await stage.serve()
    const page = await stage.open()
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
      .getByRole('link', { name: /Tiny bars/ })
      .click()
    await page
      .getByRole('region', { name: 'Progress' })
      .getByText(/epoch [2-9]/i)
      .waitFor()

    const { runs } = homeLayout(stage.home)
    const { lock } = runLayout(join(runs, readdirSync(runs)[0] ?? ''))
    const worker = lockHolder(lock)
    check('a process holds the lock of the run', worker !== null)
    process.kill(worker.pid, 'SIGKILL')

    await page.getByRole('main').getByText('interrupted: process gone').first().waitFor()
    await page
      .getByText(/was ended by SIGKILL/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Resume' }).first().click()
    await page
      .getByRole('region', { name: 'Progress' })
      .getByText(/epoch \d/i)
      .waitFor()
    const next = lockHolder(lock)
    check('another process works on it', next !== null && next.pid !== worker.pid)
    await page.getByRole('tab', { name: 'Log' }).click()
    await page
      .getByText(/goes on from step \d+/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Stop now' }).click()
    await page.getByRole('main').getByText('stopped: asked to stop').first().waitFor()
  },
}

export const scenarios: readonly Scenario[] = [killedWorker]
