import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeFileAtomic } from '../src-main/disk/atomic-write.ts'
import { openRunStore } from '../src-main/store/run-store.ts'
import { addImages } from '../test/e2e/add-images.ts'
import { launchChromium } from '../test/e2e/browser.ts'
import { fillHome } from '../test/e2e/full-store.ts'
import { openStage } from '../test/e2e/open-stage.ts'
import { emptyViews, viewsOf } from '../test/e2e/views.ts'
import { makeFinishedRun } from '../test/support/made-runs.ts'
import { shippedConfig } from '../test/support/shipped-config.ts'

/**
 * Pictures of every view, to be looked at: empty, usual and with 50 runs, light and dark, in two sizes.
 *
 *   npx tsx scripts/screenshots.ts --to folder [--only compare] [--themes light] [--sizes 1280x800] [--stores full]
 *
 * Needs `npm run build`. Names are `<store>-<view>-<width>-<theme>.png`.
 */
const { values } = parseArgs({
  options: {
    to: { type: 'string' },
    only: { type: 'string', default: '' },
    themes: { type: 'string', default: 'light,dark' },
    sizes: { type: 'string', default: '1280x800,1920x1080' },
    stores: { type: 'string', default: 'empty,full,fifty' },
  },
})
const MANY = 50
const folder = values.to ?? mkdtempSync(join(tmpdir(), 'cotrain-pictures-'))

/** Adds finished runs of ten settings with five seeds each. */
async function addRuns(home: string): Promise<readonly string[]> {
  const store = openRunStore({ home, disk: { writeFile: writeFileAtomic } })
  const ids: string[] = []
  for (let i = 0; i < MANY; i++) {
    const config = shippedConfig(i % 2 === 0 ? 'demo-cotrained' : 'demo-baseline', {
      name: `Setting ${i % 10}`,
      seed: 10 + Math.floor(i / 10),
      trainer: { lr_decay: 0.1 + 0.05 * (i % 10) },
    })
    ids.push(await makeFinishedRun(store, { config, skill: (i % 10) / 10, minutesAgo: i }))
  }
  store.close()
  return ids
}

async function photograph(kind: string): Promise<void> {
  const stage = openStage(browser)
  try {
    const filled = kind === 'empty' ? null : await fillHome(stage.home)
    const finished = kind === 'fifty' ? await addRuns(stage.home) : (filled?.finished ?? [])
    await stage.serve()
    if (filled !== null) await addImages(await stage.open(), filled)
    const views = filled === null ? emptyViews : viewsOf({ ...filled, finished })
    for (const theme of values.themes.split(',')) {
      for (const size of values.sizes.split(',')) {
        const [width = 1280, height = 800] = size.split('x').map(Number)
        const page = await stage.open({ theme: theme === 'dark' ? 'dark' : 'light', width, height })
        for (const view of views.filter(({ name }) => name.includes(values.only))) {
          const name = `${kind}-${view.name}-${width}-${theme}`.replaceAll(/[^a-z0-9]+/g, '-')
          await view
            .show(page)
            .catch((error: Error) => console.log(`${name}: ${error.message.split('\n')[0]}`))
          await page.waitForTimeout(SETTLE_MS)
          await page.screenshot({ path: join(folder, `${name}.png`) })
          await page.keyboard.press('Escape')
        }
        await page.close()
      }
    }
  } finally {
    await stage.close()
  }
}

/** Charts draw when they come into view. */
const SETTLE_MS = 400
mkdirSync(folder, { recursive: true })
const browser = await launchChromium()
try {
  for (const kind of values.stores.split(',')) await photograph(kind)
  console.log(`pictures are in ${folder}`)
} finally {
  await browser.close()
}
