import type { Locator, Page } from 'playwright-core'

export const yamlBox = (page: Page): Locator => page.getByRole('textbox', { name: 'The config as YAML' })

/** Select all, delete, then insert: replacing text in one go lets Chromium copy its style into a style attribute, which the policy refuses. */
export async function writeYaml(page: Page, yaml: string): Promise<void> {
  await yamlBox(page).click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.press('Backspace')
  await page.keyboard.insertText(yaml)
}
