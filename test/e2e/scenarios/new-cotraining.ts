import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { encodedImage, writeTree } from '../../support/sample-images.ts'
import { writeRecording } from '../array-recording.ts'
import { pressTabTo } from '../keyboard.ts'
import type { Scenario } from '../scenario.ts'
import { check, checkEqual, eventually } from '../scenario.ts'

/** Bright and dark squares, enough for a training, a validation and a test part. */
async function writePictures(root: string): Promise<void> {
  for (const [part, count] of Object.entries({ train: 20, test: 5 }))
    for (const [name, level] of Object.entries({ dark: 20, bright: 180 }))
      for (let i = 0; i < count; i++) {
        const grey = level + i + (part === 'test' ? 25 : 0)
        writeTree(root, { [`${part}/${name}/${i}.png`]: await encodedImage(grey, { size: 16 }) })
      }
}

/** Every press of the mouse and of a key from now on is counted by the page itself. */
const countActions = (): void => {
  const { dataset } = document.body
  dataset['clicks'] = dataset['keys'] = '0'
  const bump = (name: string) => (): void => void (dataset[name] = String(Number(dataset[name]) + 1))
  document.addEventListener('pointerdown', bump('clicks'), true)
  document.addEventListener('keydown', bump('keys'), true)
}
/** Seconds, clicks and keys (those of typed text too) of a piece of work. */
async function measured(what: string, page: Page, work: () => Promise<void>): Promise<void> {
  const before = await actions(page)
  const began = Date.now()
  await work()
  const after = await actions(page)
  const seconds = ((Date.now() - began) / 1000).toFixed(1)
  console.log(
    `${what}: ${seconds} s, ${after.clicks - before.clicks} clicks, ${after.keys - before.keys} keys`,
  )
}
const actions = (page: Page): Promise<{ clicks: number; keys: number }> =>
  page.evaluate(() => {
    const { clicks, keys } = document.body.dataset
    return { clicks: Number(clicks), keys: Number(keys) }
  })

async function addByMouse(page: Page, button: string, path: string, area = ''): Promise<void> {
  await page.getByRole('button', { name: button }).click()
  const dialog = page.getByRole('dialog', { name: 'Add data' })
  await dialog.getByLabel('Folder or file on this machine').click()
  await page.keyboard.type(path)
  await dialog.getByRole('button', { name: 'Look into it' }).click()
  await dialog.getByLabel('Name in the list').waitFor()
  if (area !== '')
    await dialog.getByRole('combobox', { name: /^Area of the units/ }).selectOption({ label: area })
  await dialog.getByRole('button', { name: 'Add and check' }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** The page of a family, once what it says of its runs matches. */
async function familySays(page: Page, title: string, counts: RegExp): Promise<void> {
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
  const progress = page.getByRole('region', { name: 'Progress' })
  await eventually(
    `the page of "${title}" says ${counts}`,
    () => progress.innerText(),
    (text) => counts.test(text),
  )
}

const twoFolders: Scenario = {
  name: 'new-cotraining: two folders to a running family, by mouse and by keyboard',
  run: async (stage) => {
    const pictures = join(stage.home, '../squares')
    const responses = join(stage.home, '../monkey')
    await writePictures(pictures)
    writeRecording(responses, 5)
    await stage.serve()
    const page = await stage.open()
    await page.evaluate(countActions)
    const title = 'V4 of monkey, 1 session, with squares (quick)'

    await measured('by mouse', page, async () => {
      await page.getByRole('link', { name: 'New co-training' }).click()
      await addByMouse(page, 'Add pictures', pictures)
      await addByMouse(page, 'Add responses', responses, 'V4')
      check('both are chosen', await page.getByRole('radio', { name: /^squares/ }).isChecked())
      await page.getByText('V4, from the file').waitFor()
      await page.getByRole('group', { name: 'Seeds' }).getByText('1', { exact: true }).click()
      checkEqual('its name says what it is', await page.getByLabel('Name of the family').inputValue(), title)
      await page.getByRole('button', { name: 'Start', exact: true }).click()
      await familySays(page, title, /^0 of 3 runs finished.*1 (preparing|running)/)
    })

    await measured('by keyboard', page, async () => {
      await page.keyboard.press('Control+Alt+G')
      await pressTabTo(page, page.getByRole('checkbox', { name: 'Shuffled responses' }))
      await page.keyboard.press('Space')
      await pressTabTo(page, page.getByLabel('Name of the family'))
      await page.keyboard.press('Control+A')
      await page.keyboard.type('By hand')
      await page.keyboard.press('Control+Enter')
      await familySays(page, 'By hand', /^\d of 6 runs finished/)
    })
    await page.getByRole('link', { name: 'Families', exact: true }).click()
    for (const name of [title, 'By hand']) await page.getByRole('main').getByRole('link', { name }).waitFor()
  },
}

export const scenarios: readonly Scenario[] = [twoFolders]
