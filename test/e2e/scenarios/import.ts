import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { createHdf5 } from '../../../src-main/io/formats/hdf5/hdf5-writer.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { encodedImage, writeTree } from '../../support/sample-images.ts'
import type { Scenario } from '../scenario.ts'
import { check } from '../scenario.ts'
import { pressTabTo } from '../keyboard.ts'

const CLASSES = ['bars', 'rings']
const PER_CLASS = 6

/** Grey squares by class; the first test image of each class is one of the training images. */
async function writeImages(root: string): Promise<void> {
  for (const [c, name] of CLASSES.entries()) {
    for (let i = 0; i < PER_CLASS; i++) {
      const level = 20 + 100 * c + 10 * i
      writeTree(root, { [`train/${name}/${i}.png`]: await encodedImage(level, { size: 16 }) })
      const other = i === 0 ? level : level + 5
      writeTree(root, { [`test/${name}/${i}.png`]: await encodedImage(other, { size: 16 }) })
    }
  }
}

const importWithFault: Scenario = {
  name: 'import a folder with a fault, mend it, read the finding about the rest',
  run: async (stage) => {
    const folder = join(stage.home, '../images')
    await writeImages(folder)
    const torn = join(folder, 'train', 'rings', '3.png')
    writeFileSync(torn, (await encodedImage(200, { size: 16 })).subarray(0, 40))

    await stage.serve()
    const page = await stage.open()
    await page.getByRole('link', { name: 'Data', exact: true }).click()
    await page.getByRole('main').getByRole('button', { name: 'Add data' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Add data' })
    const path = dialog.getByLabel('Folder or file on this machine')
    await path.fill(`${folder}-elsewhere`)
    await dialog.getByRole('button', { name: 'Look into it' }).click()
    await dialog.getByText(/no such file or folder/).waitFor()

    await path.fill(folder)
    await dialog.getByRole('button', { name: 'Look into it' }).click()
    await dialog.getByLabel('Name in the list').fill('bars and rings')
    await dialog.getByRole('button', { name: 'Add and check' }).click()
    await dialog
      .getByText(/3\.png/)
      .first()
      .waitFor()
    check('the message names the torn file', (await dialog.innerText()).includes(join('rings', '3.png')))

    writeFileSync(torn, await encodedImage(201, { size: 16 }))
    await dialog.getByRole('button', { name: 'Add and check' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'bars and rings' }).waitFor()
    // The checks go on in the background; what they find is counted on the tab.
    const tab = page.getByRole('tab', { name: /^Findings\s*\d/ })
    await tab.click()
    const finding = page.getByRole('listitem').filter({ hasText: /test images are also training images/ })
    await finding.getByRole('img', { name: 'error' }).waitFor()
    await finding.getByText(/Scores on images seen in training/).waitFor()
    await finding.getByText(/Remove them from the training images/).waitFor()

    await finding.getByRole('button', { name: 'Show images' }).click()
    await page.getByText('2 images of a finding').waitFor()
    await tab.click()
    await finding.getByRole('button', { name: 'Ignore…' }).click()
    await finding.getByLabel('Reason').fill('a made-up set for practice')
    await finding.getByRole('button', { name: 'Set aside' }).click()
    await finding.getByText(/Set aside .*: a made-up set for practice/).waitFor()
    await page.reload()
    await page.getByRole('tab', { name: /^Findings/ }).click()
    await finding.getByText(/a made-up set for practice/).waitFor()

    await page.getByRole('button', { name: 'Remove from the list' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('No data added yet').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('heading', { name: 'bars and rings' }).waitFor()
  },
}

const IMAGES = 40
const REPEATS = 4
const UNITS = 5
const SIDE = 12

/** Brightness-driven units on random images, stored units first and with ids from 1, as MATLAB users have it. */
async function writeArrays(path: string): Promise<void> {
  const rng = createRng(5)
  const trials = IMAGES * REPEATS
  const pixels = Uint8Array.from({ length: IMAGES * SIDE * SIDE }, (_, i) =>
    Math.floor(((Math.floor(i / (SIDE * SIDE)) + 1) / IMAGES) * 200 + 50 * rng.uniform()),
  )
  const shown = Int32Array.from({ length: trials }, (_, trial) => (trial % IMAGES) + 1)
  const activity = Float32Array.from({ length: UNITS * trials }, (_, i) => {
    const unit = Math.floor(i / trials)
    return unit === 3 ? 0 : (shown[i % trials] ?? 0) / 8 + unit + rng.uniform()
  })
  const file = await createHdf5(path)
  file.group('/exp')
  file.array('/exp/images', pixels, [IMAGES, SIDE, SIDE])
  file.array('/exp/activity', activity, [UNITS, trials])
  file.array('/exp/shown', shown, [trials])
  file.close()
}

/** Reaches a control by Tab and presses a key on it. */
async function pressOn(page: Page, role: 'button' | 'checkbox', name: string, key = 'Enter'): Promise<void> {
  await pressTabTo(page, page.getByRole(role, { name, exact: true }).first())
  await page.keyboard.press(key)
}

const mapByKeyboard: Scenario = {
  name: 'map the arrays of an HDF5 file, see the outcome and set a finding aside, by keyboard alone',
  run: async (stage) => {
    const file = join(stage.home, '../experiment.h5')
    await writeArrays(file)
    await stage.serve()
    const page = await stage.open()
    const dialog = page.getByRole('dialog', { name: 'Add data' })
    await pressTabTo(page, page.getByRole('link', { name: 'Data', exact: true }))
    await page.keyboard.press('Enter')
    await page.getByText('No data added yet').waitFor()
    await pressOn(page, 'button', 'Add data')
    await pressTabTo(page, dialog.getByLabel('Folder or file on this machine'))
    await page.keyboard.type(file)
    await page.keyboard.press('Enter')
    await dialog.getByText(/Named arrays/).waitFor()

    await pressTabTo(page, dialog.getByLabel('Array of Image of each trial (optional)'))
    await page.keyboard.type('/exp/shown')
    const axes = dialog.getByLabel('Axes of the responses')
    check('trials are found on the second axis', (await axes.inputValue()) === 'ut', await axes.inputValue())
    await pressTabTo(page, dialog.getByLabel('Ids count from'))
    await page.keyboard.type('0')
    await pressTabTo(page, dialog.getByLabel('Area of the units'))
    await page.keyboard.type('V1')
    await pressOn(page, 'button', 'Preview')
    await dialog.getByText(/the ids here are 1 to 40, those of the images 0 to 39/).waitFor()
    check('the mapping is kept after an error', (await axes.inputValue()) === 'ut')

    await pressTabTo(page, dialog.getByLabel('Ids count from'), 'Shift+Tab')
    await page.keyboard.type('1')
    await pressOn(page, 'button', 'Preview')
    const preview = dialog.getByRole('region', { name: 'Preview' })
    await preview.getByText('V1: 1 session, 5 units, 160 trials, 40 images').waitFor()
    await preview.getByText(/1 unit never changes: 3/).waitFor()
    check('the preview shows images', (await preview.getByRole('img').count()) > 10)

    await pressTabTo(page, dialog.getByLabel('Name in the list'), 'Shift+Tab')
    await page.keyboard.type('by hand')
    await pressOn(page, 'button', 'Add and check')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'by hand' }).waitFor()

    await page.getByRole('tab', { name: /^Findings\s*\d/ }).waitFor()
    await pressTabTo(page, page.getByRole('tab', { name: 'Preview' }))
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    const finding = page.getByRole('listitem').filter({ hasText: /1 unit never changes/ })
    await pressTabTo(page, finding.getByRole('button', { name: 'Ignore…' }))
    await page.keyboard.press('Enter')
    await page.keyboard.type('a reference channel')
    await page.keyboard.press('Enter')
    await finding.getByText(/a reference channel/).waitFor()
    await pressTabTo(page, finding.getByRole('button', { name: 'Show units' }), 'Shift+Tab')
    await page.keyboard.press('Enter')
    const row = page.getByRole('row').filter({ hasText: 'dead' })
    await row.waitFor()
    await page.getByText('1 of 5 units', { exact: true }).waitFor()
    await pressTabTo(page, row.getByRole('button', { name: '3' }))
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Unit 3' }).getByText('Strongest mean response').waitFor()
  },
}

export const scenarios: readonly Scenario[] = [importWithFault, mapByKeyboard]
