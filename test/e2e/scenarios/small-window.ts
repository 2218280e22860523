import type { Page } from 'playwright-core'
import { addImages } from '../add-images.ts'
import { fillHome } from '../full-store.ts'
import type { Scenario } from '../scenario.ts'
import { check } from '../scenario.ts'
import { viewsOf } from '../views.ts'
import { menuFaults, windowFaults } from '../window-faults.ts'

const VIEW_MS = 10_000
/** A small window, and a small window at 200 % zoom. */
const SIZES = [
  { width: 1024, height: 700 },
  { width: 640, height: 400 },
]

/** Runs in the page: of the table of runs, scrolled to its right end: the columns that are out of sight though they should stay. */
const columnsLost = (wanted: readonly string[]): string[] => {
  const box = document.querySelector<HTMLElement>('[role="region"][aria-label="Runs"]')
  if (box === null) return ['no table']
  if (box.scrollWidth <= box.clientWidth) return ['the table is not wider than its box']
  if (!box.hasAttribute('data-after')) return ['nothing shows that the table goes on']
  box.scrollLeft = box.scrollWidth
  const { left, right } = box.getBoundingClientRect()
  const heads = [...box.querySelectorAll<HTMLElement>('thead th')]
  return wanted.filter((name) => {
    const head = heads.find((h) => h.innerText.trim() === name)?.getBoundingClientRect()
    if (head === undefined || head.left < left - 1 || head.right > right + 1) return true
    const seen = document.elementFromPoint((head.left + head.right) / 2, (head.top + head.bottom) / 2)
    return seen?.closest('th')?.innerText.trim() !== name
  })
}

async function visit(page: Page, filled: Parameters<typeof viewsOf>[0]): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const view of viewsOf(filled)) {
    try {
      await view.show(page)
      for (const fault of await windowFaults(page)) wrong.push(`${view.name}: ${fault}`)
    } catch (error) {
      wrong.push(`${view.name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    }
    if (['runs', 'experiment', 'run', 'compare'].includes(view.name))
      for (const fault of await menuFaults(page)) wrong.push(`${view.name}: ${fault}`)
    if (view.name === 'runs')
      for (const lost of await page.evaluate(columnsLost, ['Name', 'Status', 'Created']))
        wrong.push(`runs: ${lost} is lost`)
    await page.keyboard.press('Escape')
  }
  return wrong
}

const everyView: Scenario = {
  name: 'every view in a small window and at 200 % zoom: nothing out of reach',
  run: async (stage) => {
    const filled = await fillHome(stage.home)
    await stage.serve()
    const page = await stage.open()
    await addImages(page, filled)
    page.setDefaultTimeout(VIEW_MS)
    const wrong: string[] = []
    for (const size of SIZES) {
      await page.setViewportSize(size)
      for (const fault of await visit(page, filled)) wrong.push(`${size.width}x${size.height} ${fault}`)
    }
    check(`all views pass:\n${wrong.join('\n')}\n`, wrong.length === 0)
  },
}

export const scenarios: readonly Scenario[] = [everyView]
