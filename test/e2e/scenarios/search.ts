import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { writeFileAtomic } from '../../../src-main/disk/atomic-write.ts'
import { openRunStore } from '../../../src-main/store/run-store.ts'
import { seriousFindings } from '../audit.ts'
import { fillSearch } from '../filled-search.ts'
import { checkDrawn } from '../images.ts'
import { pressTabTo } from '../keyboard.ts'
import type { Scenario } from '../scenario.ts'
import { checkEqual } from '../scenario.ts'

/** With so many the options that matter are told. */
const TRIALS = 21

async function looksWhole(page: Page): Promise<void> {
  const search = page.getByRole('region', { name: 'Search', exact: true })
  await search.getByText(`${TRIALS} of ${TRIALS} trials have a value`).waitFor()
  for (const name of [/^Best so far/, /^Learning rate/, /^Which options matter/]) {
    const canvas = search.getByRole('figure', { name }).locator('canvas')
    await canvas.scrollIntoViewIfNeeded() // what is out of sight is not drawn
    await checkDrawn(canvas)
  }
  checkEqual('nothing serious found by axe', await seriousFindings(page), [])
}

const searchPage: Scenario = {
  name: 'a search: its trials, the best and what matters, by keyboard, in light and dark',
  run: async (stage) => {
    const store = openRunStore({ home: stage.home, disk: { writeFile: writeFileAtomic } })
    const family = await fillSearch(store, TRIALS)
    store.close()
    const { origin } = await stage.serve()
    for (const theme of ['light', 'dark'] as const) {
      const page = await stage.open({ theme })
      await page.goto(`${origin}/#/families/${family}`)
      await looksWhole(page)
      if (process.env['COTRAIN_PICTURES'] !== undefined)
        await page.screenshot({
          path: join(process.env['COTRAIN_PICTURES'], `search-${theme}.png`),
          fullPage: true,
        })
    }
    const page = await stage.open()
    await page.goto(`${origin}/#/families/${family}`)
    const trials = page.getByRole('group', { name: 'Trials' })
    await pressTabTo(page, trials.getByRole('link').first())
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /trial 1$/ }).waitFor()
  },
}

export const scenarios: readonly Scenario[] = [searchPage]
