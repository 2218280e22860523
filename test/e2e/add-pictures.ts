import type { Page } from 'playwright-core'
import type { FullStore } from './full-store.ts'

/** Adds a folder of pictures through the import wizard, as a user does. */
export async function addPictures(page: Page, { pictures }: FullStore): Promise<void> {
  await page.getByRole('link', { name: 'Data', exact: true }).click()
  await page.getByRole('main').getByRole('button', { name: 'Add data' }).first().click()
  await page.getByLabel('Folder or file on this machine').fill(pictures)
  await page.getByRole('button', { name: 'Look into it' }).click()
  await page.getByLabel('Name in the list').waitFor()
  await page.getByRole('button', { name: 'Add and check' }).click()
  await page.getByRole('tab', { name: 'Preview' }).waitFor()
}
