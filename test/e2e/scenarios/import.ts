import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodedImage, writeTree } from '../../support/sample-images.ts'
import type { Scenario } from '../scenario.ts'
import { check } from '../scenario.ts'

const CLASSES = ['bars', 'rings']
const PER_CLASS = 6

/** Grey squares by class; the first test picture of each class is one of the training pictures. */
async function writePictures(root: string): Promise<void> {
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
    const folder = join(stage.home, '../pictures')
    await writePictures(folder)
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
    await page.getByRole('tab', { name: /^Findings/ }).click()
    const finding = page.getByRole('listitem').filter({ hasText: /pictures of test are also in train/ })
    await finding.getByRole('img', { name: 'error' }).waitFor()
    await finding.getByText(/Scores on pictures seen in training/).waitFor()
    await finding.getByText(/Remove them from train/).waitFor()
  },
}

export const scenarios: readonly Scenario[] = [importWithFault]
