import type { Page } from 'playwright-core'
import type { FullStore } from './full-store.ts'

/** Adds a folder of images through the import wizard, as a user does. */
export async function addImages(page: Page, { images }: FullStore): Promise<void> {
  await page.getByRole('link', { name: 'Data', exact: true }).click()
  await page.getByRole('main').getByRole('button', { name: 'Add data' }).first().click()
  await page.getByLabel('Folder or file on this machine').fill(images)
  await page.getByRole('button', { name: 'Look into it' }).click()
  await page.getByLabel('Name in the list').waitFor()
  await page.getByRole('button', { name: 'Add and check' }).click()
  await page.getByRole('tab', { name: 'Preview' }).waitFor()
}
