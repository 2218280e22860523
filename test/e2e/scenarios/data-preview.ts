import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { createHdf5 } from '../../../src-main/io/formats/hdf5/hdf5-writer.ts'
import { writeNpz } from '../../support/image-arrays.ts'
import { writeTree } from '../../support/sample-images.ts'
import { pressTabTo } from '../keyboard.ts'
import type { Scenario } from '../scenario.ts'
import { check } from '../scenario.ts'

const IMAGES = 4
const TIERS = ['train', 'train', 'train', 'train', 'validation', 'validation', 'test', 'test']

/** Four images and two units with one spike in the window of every trial; the epochs are a second table with times. */
async function writeRecording(path: string): Promise<void> {
  const file = await createHdf5(path)
  file.attributes('/', { nwb_version: '2.7.0' })
  for (const group of [
    '/stimulus',
    '/stimulus/templates',
    '/stimulus/templates/natural',
    '/intervals',
    '/units',
  ])
    file.group(group)
  const pixels = Uint8Array.from({ length: IMAGES * 48 }, (_, i) => (i * 37) % 256)
  file.array('/stimulus/templates/natural/data', pixels, [IMAGES, 8, 6])
  const starts = Float64Array.from(TIERS, (_, i) => i + 1)
  for (const [table, rows] of [
    ['trials', TIERS.length],
    ['epochs', 2],
  ] as const) {
    file.group(`/intervals/${table}`)
    file.array(`/intervals/${table}/start_time`, starts.slice(0, rows), [rows])
    const shown = Int32Array.from({ length: rows }, (_, i) => i % IMAGES)
    file.array(`/intervals/${table}/image_id`, shown, [rows])
  }
  file.strings('/intervals/trials/split', TIERS)
  const spikes = [0.08, 0.12].flatMap((delay) => Array.from(starts, (start) => start + delay))
  file.array('/units/spike_times', Float64Array.from(spikes), [spikes.length])
  file.array('/units/spike_times_index', Int32Array.of(TIERS.length, 2 * TIERS.length), [2])
  file.close()
}

async function openDialog(page: Page): Promise<Locator> {
  await page.getByRole('link', { name: 'Data', exact: true }).click()
  await page.getByRole('main').getByRole('button', { name: 'Add data' }).first().click()
  return page.getByRole('dialog', { name: 'Add data' })
}

const byMouse: Scenario = {
  name: 'preview of a recording: its question, area, splits, white, window and what is left out, by mouse',
  run: async (stage) => {
    const file = join(stage.home, '../session.nwb')
    await writeRecording(file)
    await stage.serve()
    const page = await stage.open()
    const dialog = await openDialog(page)
    await dialog.getByLabel('Folder or file on this machine').fill(file)
    await dialog.getByRole('button', { name: 'Look into it' }).click()
    await dialog.getByLabel('Area of the units').selectOption('v1')
    await dialog.getByRole('button', { name: 'Preview' }).click()
    await dialog
      .getByText(/\/intervals\/epochs, \/intervals\/trials/)
      .first()
      .waitFor()
    // The option that the question names stands beside it.
    await dialog.getByLabel('Presentations').fill('trials')
    await dialog.getByLabel('Presentations').blur()
    await dialog.getByRole('button', { name: 'Preview' }).click()
    const preview = dialog.getByRole('region', { name: 'Preview' })
    await preview.getByText('V1: 1 session, 2 units, 8 trials, 4 images').waitFor()
    for (const text of [
      /^V1, as you said/,
      /4 training, 2 validation, 2 test/,
      /uint8, black 0, white 255/,
      /50 to 150 ms after onset/,
      /\/intervals\/trials/,
    ])
      await preview.getByText(text).first().waitFor()
    await preview.getByText(/^Not used: \d+, nothing is lost/).click()
    await preview.getByText(/\/intervals\/epochs/).waitFor()
    check('nothing was stored by looking', (await page.getByText('No data added yet').count()) > 0)
    await dialog.getByRole('button', { name: 'Add and check' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'session' }).waitFor()
  },
}

const byKeyboard: Scenario = {
  name: 'preview of images: what is white is asked, stated and shown with what is left out, by keyboard alone',
  run: async (stage) => {
    const folder = join(stage.home, '../deep')
    writeTree(folder, { 'notes.txt': 'x' })
    const values = Uint16Array.from({ length: 8 * 64 }, (_, i) => (i * 37) % 4081)
    const labels = Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1)
    await writeNpz(join(folder, 'set.npz'), {
      x_train: { values, shape: [8, 8, 8] },
      y_train: { values: labels, shape: [8] },
      x_test: { values: values.slice(64, 192), shape: [2, 8, 8] },
      y_test: { values: labels.slice(0, 2), shape: [2] },
    })
    await stage.serve()
    const page = await stage.open()
    const dialog = page.getByRole('dialog', { name: 'Add data' })
    await pressTabTo(page, page.getByRole('link', { name: 'Data', exact: true }))
    await page.keyboard.press('Enter')
    await page.getByText('No data added yet').waitFor()
    await pressTabTo(page, page.getByRole('main').getByRole('button', { name: 'Add data' }).first())
    await page.keyboard.press('Enter')
    await pressTabTo(page, dialog.getByLabel('Folder or file on this machine'))
    await page.keyboard.type(folder)
    await page.keyboard.press('Enter')
    await dialog.getByText(/Images with class labels/).waitFor()
    const look = dialog.getByRole('button', { name: 'Preview', exact: true })
    await pressTabTo(page, look)
    await page.keyboard.press('Enter')
    await dialog.getByText(/does not tell what is white/).waitFor()
    const white = dialog.getByLabel('White', { exact: true })
    await pressTabTo(page, white)
    await page.keyboard.type('4095')
    await pressTabTo(page, look, 'Shift+Tab')
    await page.keyboard.press('Enter')
    const preview = dialog.getByRole('region', { name: 'Preview' })
    await preview.getByText(/8 training, 2 test/).waitFor()
    await preview.getByText(/uint16, black 0, white 4095/).waitFor()
    await preview.getByText(/as you said/).waitFor()
    await pressTabTo(page, preview.locator('summary', { hasText: 'Not used' }))
    await page.keyboard.press('Enter')
    await preview.getByText(/notes\.txt/).waitFor()
    check('nothing was stored by looking', (await page.getByText('No data added yet').count()) > 0)
    await pressTabTo(page, dialog.getByRole('button', { name: 'Add and check' }))
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'deep' }).waitFor()
  },
}

export const scenarios: readonly Scenario[] = [byMouse, byKeyboard]
