import type { Page } from 'playwright-core'
import { addImages } from '../add-images.ts'
import { ariaText, UNSETTLED } from '../aria-text.ts'
import { hoverOnlyRules, seriousFindings } from '../audit.ts'
import { inPage } from '../controls/page-side.ts'
import { controlFaults } from '../controls/shown-controls.ts'
import { EVERYWHERE } from '../controls/walk.ts'
import { fillHome } from '../full-store.ts'
import { compareWith, isWriting, textOf } from '../kept-file.ts'
import type { Scenario, Stage } from '../scenario.ts'
import { check } from '../scenario.ts'
import { walkByTab } from '../tab-walk.ts'
import type { View } from '../views.ts'
import { viewsOf } from '../views.ts'
import { lostColumns, menuFaults, windowFaults } from '../window-faults.ts'

/** A view that is not there by then counts as missing; the others are still visited. */
const VIEW_MS = 10_000
const WIDE = { width: 1280, height: 800 }
/** A small window, and a small window at 200 % zoom. */
const SMALL = [
  { width: 1024, height: 700 },
  { width: 640, height: 400 },
]

const firstLine = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)

/** Visits every view; `look` returns what is wrong with it. All are visited before the scenario fails. */
async function visitAll(
  stage: Stage,
  look: (page: Page, view: View) => Promise<readonly string[]>,
): Promise<void> {
  const filled = await fillHome(stage.home)
  await stage.serve()
  const page = await stage.open()
  await addImages(page, filled)
  await page.getByRole('status').filter({ hasText: 'Being checked' }).waitFor({ state: 'detached' })
  page.setDefaultTimeout(VIEW_MS)
  const wrong: string[] = []
  for (const view of viewsOf(filled)) {
    try {
      await view.show(page)
      for (const fault of await look(page, view)) wrong.push(`${view.name}: ${fault}`)
    } catch (error) {
      wrong.push(`${view.name}: ${firstLine(error)}`)
    }
    await page.keyboard.press('Escape')
  }
  check(`all views pass:\n${wrong.join('\n')}\n`, wrong.length === 0)
}

/** The rules of axe-core that look at colours. */
const COLOURS = ['color-contrast', 'link-in-text-block']

/** Colours are all that a theme changes: the other rules would see the same page twice. */
async function auditBoth(page: Page): Promise<string[]> {
  const light = await seriousFindings(page)
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  // Charts paint themselves anew within two frames.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const dark = await seriousFindings(page, COLOURS)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  return [...light.map((fault) => `light: ${fault}`), ...dark.map((fault) => `dark: ${fault}`)]
}

/** Of these so much depends on the machine, its engines and cards, that their text is not kept. */
const OF_MACHINE = new Set(['engine', 'check and queue', 'experiment, model'])
/** So long a tree may still change until it is the one that is kept; what has come to rest by then is compared. */
const SETTLE_MS = 5_000
const STEP_MS = 200

/** The tree once it is the one that is kept, or has stopped changing. */
async function settledTree(page: Page, path: string, part: 'view' | 'tab' | 'frame'): Promise<string> {
  const kept = textOf(path)
  let text = ''
  let alike = 0
  for (const end = Date.now() + SETTLE_MS; Date.now() < end;) {
    const now = await ariaText(page, part)
    if (now === kept) return now
    alike = now === text && !UNSETTLED.test(now) ? alike + 1 : 0
    text = now
    if (isWriting && alike > 2) break
    await page.waitForTimeout(STEP_MS)
  }
  return text
}

async function treeFaults(page: Page, name: string, part: 'view' | 'tab' | 'frame'): Promise<string[]> {
  if (OF_MACHINE.has(name)) return []
  const path = `test/fixtures/aria/${name.replaceAll(/[^a-z0-9]+/g, '-')}.yaml`
  return compareWith(path, await settledTree(page, path, part))
}

/** Tabs of one page have its header in common. */
const areaOf = (view: string): string => view.split(', ')[0] ?? ''

const audit: Scenario = {
  name: 'every view passes axe-core in light and dark, is read out as it is written down, and its controls are those of the table',
  run: (stage) => {
    const seen = new Set<string>()
    return visitAll(stage, async (page, view) => {
      const area = areaOf(view.name)
      const part = view.name !== area && seen.has(area) ? 'tab' : 'view'
      const isFirst = seen.size === 0
      seen.add(area)
      return [
        ...(isFirst ? await treeFaults(page, 'frame', 'frame') : []),
        ...(isFirst ? (await hoverOnlyRules(page)).map((rule) => `only under the pointer: ${rule}`) : []),
        ...(await treeFaults(page, view.name, part)),
        ...(isFirst ? await controlFaults(page, EVERYWHERE) : []),
        ...(OF_MACHINE.has(view.name) ? [] : await controlFaults(page, view.name)),
        ...(await auditBoth(page)),
      ]
    })
  },
}

/** What of a view is new where the one before was another tab of the same. */
const newPart = (view: View, isFirst: boolean): string =>
  isFirst ? 'body' : view.name.includes(', ') ? 'main [role="tabpanel"]' : 'main'

/** So long charts and dialogs may take to fit a window that has become smaller. */
const FIT_MS = 3_000

/** What is wrong with the window once its view has had time to fit it. */
async function settledFaults(page: Page): Promise<readonly string[]> {
  for (const end = Date.now() + FIT_MS; ;) {
    await page.waitForTimeout(STEP_MS)
    const faults = await windowFaults(page)
    if (faults.length === 0 || Date.now() > end) return faults
  }
}

const used: Scenario = {
  name: 'every control of every view is reached by Tab and shows its focus, and nothing is out of reach in a small window or at 200 % zoom',
  run: (stage) => {
    // The frame around the views is the same everywhere: it is walked through with the first.
    let isFirst = true
    return visitAll(stage, async (page, view) => {
      const { missed, unseen } = await walkByTab(page, newPart(view, isFirst))
      isFirst = false
      const faults = [
        ...missed.map((name) => `not reached: ${name}`),
        ...unseen.map((name) => `focus not seen: ${name}`),
      ]
      for (const size of SMALL) {
        const at = (fault: string): string => `${size.width}x${size.height} ${fault}`
        await page.setViewportSize(size)
        await view.narrowed?.(page)
        faults.push(...(await settledFaults(page)).map(at))
        if (['runs', 'experiment', 'run', 'compare'].includes(view.name))
          faults.push(...(await menuFaults(page)).map(at))
        if (view.name === 'runs')
          faults.push(...(await lostColumns(page)).map((lost) => at(`${lost} is lost`)))
      }
      await page.setViewportSize(WIDE)
      return faults
    })
  },
}

/** Faults of the kinds that the audits are there for, put into a page that passes. */
const plantFaults = (): void => {
  const planted = document.createElement('div')
  planted.innerHTML =
    '<button id="nameless"></button><a href="#/" id="hidden-focus" class="no-ring">no ring</a>' +
    '<button tabindex="0" id="trapped">never reached</button>' +
    '<button class="faint">faint</button><span class="hand">by mouse</span>'
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(
    '.no-ring, .no-ring * { outline: none !important; box-shadow: none !important }' +
      '.faint { opacity: 0 } .hand { cursor: pointer }',
  )
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  document.querySelector('main')?.append(planted)
  // Leaves before the focus can come to it.
  planted.addEventListener('keydown', (event) => {
    if (event.target instanceof HTMLElement && event.target.id === 'hidden-focus') {
      event.preventDefault()
      document.querySelector<HTMLElement>('a')?.focus()
    }
  })
}

const auditsSee: Scenario = {
  name: 'the audits see a nameless button, a focus without a ring, a control behind a trap and what only the pointer finds',
  run: async (stage) => {
    await stage.serve()
    const page = await stage.open()
    await page.evaluate(plantFaults)
    const findings = await seriousFindings(page)
    check(
      'axe-core names the button',
      findings.some((f) => f.startsWith('button-name') && f.includes('#nameless')),
      findings,
    )
    const { faults } = await inPage(page, 'list', 'main', '')
    for (const fault of [
      'without a name: button',
      'seen only under the pointer: button "faint"',
      'only by pointer: span',
    ])
      check(
        `${fault} is told`,
        faults.some((told) => told.startsWith(fault)),
        faults,
      )
    const { missed, unseen } = await walkByTab(page)
    check(
      'the control behind the trap is missed',
      missed.some((name) => name.includes('#trapped')),
      missed,
    )
    check(
      'the focus without a ring is unseen',
      unseen.some((name) => name.includes('#hidden-focus')),
      unseen,
    )
  },
}

export const scenarios: readonly Scenario[] = [audit, used, auditsSee]
