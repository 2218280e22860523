import { addImages } from './add-images.ts'
import { launchChromium } from './browser.ts'
import { TABLE, tablePage } from './controls/table.ts'
import { EVERYWHERE, walkControls } from './controls/walk.ts'
import { fillHome } from './full-store.ts'
import { compareWith, textOf } from './kept-file.ts'
import { openStage } from './open-stage.ts'
import { viewsOf } from './views.ts'

/** A view that is not there by then is told as missing. */
const SHOWN_MS = 20_000

/**
 * Presses every control of every view and compares what comes of it with docs/reference/controls.md; with COTRAIN_WRITE_TREES=1
 * the page is written. Fails too for a control without a name, without effect, that waits without a reason, or that only the
 * pointer reaches. Takes some minutes.
 *
 *   npm run build && npm run test:controls
 *
 * `npm run test:controls -- data "add data"` walks through the views alone whose names begin so; views of one page belong together.
 */
const wanted = process.argv.slice(2)
const browser = await launchChromium()
const stage = openStage(browser)
let wrong: readonly string[] = []
try {
  const filled = await fillHome(stage.home)
  await stage.serve()
  const page = await stage.open()
  await addImages(page, filled)
  await page.getByRole('tab', { name: /^Findings [1-9]/ }).waitFor()
  console.log('the store is filled')
  page.setDefaultTimeout(SHOWN_MS)
  const views = viewsOf(filled)
  const frame = views.filter(({ name }) => name === 'family').map((view) => ({ ...view, name: EVERYWHERE }))
  const all = [...frame, ...views]
  const isWanted = (view: string): boolean =>
    wanted.length === 0 || wanted.some((word) => view.startsWith(word))
  const walked = await walkControls(
    page,
    all.filter(({ name }) => isWanted(name)),
    console.log,
  )
  const names = all.map(({ name }) => name)
  const seen = tablePage(walked, names, wanted.length === 0 ? '' : textOf(TABLE))
  wrong = [...walked.faults, ...compareWith(TABLE, seen), ...stage.faults]
} finally {
  await stage.close()
  await browser.close()
}
for (const fault of wrong) console.log(`FAILED  ${fault}`)
console.log(wrong.length === 0 ? 'every control does something' : `${wrong.length} faults`)
process.exit(wrong.length === 0 ? 0 : 1)
