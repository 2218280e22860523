import type { Page } from 'playwright-core'
import { addImages } from '../add-images.ts'
import { seriousFindings } from '../audit.ts'
import { fillHome } from '../full-store.ts'
import type { Scenario, Stage } from '../scenario.ts'
import { check } from '../scenario.ts'
import { walkByTab } from '../tab-walk.ts'
import { viewsOf } from '../views.ts'

/** A view that is not there by then counts as missing; the others are still visited. */
const VIEW_MS = 10_000

/** Visits every view; `look` returns what is wrong with it. All views are visited before the scenario fails. */
async function visitAll(
  stage: Stage,
  theme: 'light' | 'dark',
  look: (page: Page) => Promise<readonly string[]>,
): Promise<void> {
  const filled = await fillHome(stage.home)
  await stage.serve()
  const page = await stage.open({ theme })
  await addImages(page, filled)
  page.setDefaultTimeout(VIEW_MS)
  const wrong: string[] = []
  for (const view of viewsOf(filled)) {
    try {
      await view.show(page)
      for (const fault of await look(page)) wrong.push(`${view.name}: ${fault}`)
    } catch (error) {
      wrong.push(
        `${view.name}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      )
    }
    await page.keyboard.press('Escape')
  }
  check(`all views pass:\n${wrong.join('\n')}\n`, wrong.length === 0)
}

/** The rules of axe-core that look at colours. */
const COLOURS = ['color-contrast', 'link-in-text-block']

const audit = (theme: 'light' | 'dark'): Scenario => ({
  name: `no serious finding of axe-core on any view, ${theme}`,
  // Colours are all that a theme changes: the other rules see the same page twice.
  run: (stage) =>
    visitAll(stage, theme, (page) => seriousFindings(page, theme === 'dark' ? COLOURS : undefined)),
})

const tabWalk: Scenario = {
  name: 'every control of every view is reached by Tab and shows its focus',
  run: (stage) => {
    // The frame around the views is the same everywhere: it is walked through with the first.
    let isFirst = true
    return visitAll(stage, 'light', async (page) => {
      const { missed, unseen } = await walkByTab(page, isFirst ? 'body' : 'main')
      isFirst = false
      return [
        ...missed.map((name) => `not reached: ${name}`),
        ...unseen.map((name) => `focus not seen: ${name}`),
      ]
    })
  },
}

/** Faults of the kinds that the audits are there for, put into a page that passes. */
const plantFaults = (): void => {
  const planted = document.createElement('div')
  planted.innerHTML =
    '<button id="nameless"></button><a href="#/" id="hidden-focus" class="no-ring">no ring</a>' +
    '<button tabindex="0" id="trapped">never reached</button>'
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('.no-ring, .no-ring * { outline: none !important; box-shadow: none !important }')
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
  name: 'the audits see a nameless button, a focus without a ring and a control behind a trap',
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

export const scenarios: readonly Scenario[] = [audit('light'), audit('dark'), tabWalk, auditsSee]
