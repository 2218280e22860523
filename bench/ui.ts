/**
 * How fast the interface is at the sizes that a laboratory reaches, in a real Chromium on the real web host:
 *
 *   node --import tsx bench/ui.ts [--runs 1000] [--compared 50] [--keys 2000] [--points 10000] [--home folder] [--only start,keys,compare]
 *
 * Makes a home with finished runs (kept with --home and used again), then measures: process start to the first row of
 * the run list; opening the curves of a comparison until every chart is drawn, first read and with stored columns; opening a
 * run with very many metric keys. Beside each time stands the longest blocked frame: the longest task of the main thread. What is
 * stale is built first, and the load of the machine stands beneath: numbers of a busy machine say little.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { writeFileAtomic } from '../src-main/disk/atomic-write.ts'
import { homeLayout } from '../src-main/disk/home-layout.ts'
import { openRunStore } from '../src-main/store/run-store.ts'
import { launchChromium, PAGE_HELPER } from '../test/e2e/browser.ts'
import type { ServedApp } from '../test/e2e/served-app.ts'
import { makeHome, serveApp } from '../test/e2e/served-app.ts'
import { makeFinishedRun } from '../test/support/made-runs.ts'
import { shippedConfig } from '../test/support/shipped-config.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    compared: { type: 'string', default: '50' },
    keys: { type: 'string', default: '2000' },
    points: { type: 'string', default: '10000' },
    home: { type: 'string', default: '' },
    only: { type: 'string', default: 'start,keys,compare' },
  },
})
const CURVES = 10
const POINTS_OF_OTHERS = 120
const POINTS_OF_KEYS = 100
const TIMEOUT_MS = 180_000
/** Shows ten charts in two columns. */
const TALL = { width: 1440, height: 2200 }
/** Curves of each compared run; losses of two tasks are among the usual ones. */
const MORE_KEYS = Array.from({ length: CURVES - 2 }, (_, i) => `Training/v1/part_${i}`)

interface Filled {
  readonly compared: readonly string[]
  readonly manyKeys: string
}

async function fill(home: string): Promise<Filled> {
  const store = openRunStore({ home, disk: { writeFile: writeFileAtomic } })
  const have = new Set(store.list().runs.map((run) => run.id))
  if (have.size > 0) {
    const named = (name: string): string[] =>
      store
        .list()
        .runs.filter((run) => run.name.startsWith(name))
        .map((run) => run.id)
    return { compared: named('compared'), manyKeys: named('many keys')[0] ?? '' }
  }
  const compared: string[] = []
  for (let i = 0; i < Number(values.compared); i++) {
    const config = shippedConfig('demo-cotrained', {
      name: `compared ${i % 10}`,
      seed: 1 + Math.floor(i / 10),
      trainer: { lr_decay: 0.1 + 0.05 * (i % 10) },
    })
    compared.push(
      await makeFinishedRun(store, {
        config,
        skill: (i % 10) / 10,
        points: Number(values.points),
        moreKeys: MORE_KEYS,
        minutesAgo: i,
      }),
    )
  }
  const moreKeys = Array.from({ length: Number(values.keys) }, (_, i) => `Probe/layer_${i % 40}/unit_${i}`)
  const manyKeys = await makeFinishedRun(store, {
    config: shippedConfig('demo-baseline', { name: 'many keys', seed: 1 }),
    skill: 0.5,
    points: POINTS_OF_KEYS,
    moreKeys,
  })
  for (let i = 0; i < Number(values.runs) - compared.length - 1; i++) {
    const config = shippedConfig(i % 2 === 0 ? 'demo-baseline' : 'demo-cotrained', {
      name: `setting ${i % 100}`,
      seed: 100 + i,
    })
    await makeFinishedRun(store, {
      config,
      skill: (i % 100) / 100,
      points: POINTS_OF_OTHERS,
      minutesAgo: 100 + i,
    })
  }
  store.close()
  return { compared, manyKeys }
}

/** Records tasks of the main thread above 50 ms (the browser's own limit) and gaps between frames. */
const watchFrames = (): void => {
  const seen = { task: 0, gap: 0 }
  Object.assign(window, { seen })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.task = Math.max(seen.task, entry.duration)
  }).observe({ type: 'longtask', buffered: true })
  let last = performance.now()
  const frame = (now: number): void => {
    seen.gap = Math.max(seen.gap, now - last)
    last = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

const longest = (page: Page): Promise<{ task: number; gap: number }> =>
  page.evaluate(() => {
    const { seen } = window as unknown as { seen: { task: number; gap: number } }
    const now = { ...seen }
    Object.assign(seen, { task: 0, gap: 0 })
    return now
  })

interface Row {
  readonly what: string
  readonly seconds: number
  readonly blockedMs: number
  readonly pass: string
  readonly excellent: string
}
const rows: Row[] = []
async function note(
  page: Page,
  what: string,
  seconds: number,
  pass: string,
  excellent: string,
): Promise<void> {
  // The frame after the last change belongs to it.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const { task, gap } = await longest(page)
  rows.push({ what, seconds, blockedMs: Math.max(task, gap), pass, excellent })
  console.log(`${what}: ${seconds.toFixed(2)} s, longest blocked frame ${Math.round(Math.max(task, gap))} ms`)
}

async function openPage(browser: Browser, app: ServedApp): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(TIMEOUT_MS)
  const page = await context.newPage()
  await page.addInitScript(PAGE_HELPER)
  await page.addInitScript(watchFrames)
  page.on('pageerror', (error) => console.log(`page error: ${error.message}`))
  await page.goto(app.launchUrl)
  return page
}

const since = (began: number): number => (performance.now() - began) / 1000
const go = (page: Page, hash: string): Promise<void> => page.evaluate((to) => void (location.hash = to), hash)
const firstRow = (page: Page) =>
  page.getByRole('region', { name: 'Runs', exact: true }).locator('tbody tr[data-index]').first()

async function coldStart(browser: Browser, home: string, what: string): Promise<void> {
  const began = performance.now()
  const app = await serveApp(home)
  const served = since(began)
  const page = await openPage(browser, app)
  await page.getByRole('main').waitFor()
  await go(page, '/runs')
  await firstRow(page).waitFor()
  await note(page, `${what} (serving after ${served.toFixed(2)} s)`, since(began), '5 s', '2 s')
  await page.context().close()
  await app.stop()
}

/** As after copying runs from elsewhere: their columns have not been stored yet. */
function forgetColumns(home: string, { compared }: Filled): void {
  for (const id of compared) rmSync(join(homeLayout(home).series, `${id}.bin`), { force: true })
}

/** Every chart in sight has been drawn. Looking at pixels would take longer than drawing them. */
const allDrawn = (least: number): boolean => {
  // The last pixels belong to the status bar: a chart behind it is not in sight.
  const bottom = innerHeight - 60
  const canvases = [...document.querySelectorAll('canvas')].filter(
    (c) => c.getBoundingClientRect().top < bottom,
  )
  return canvases.length >= least && canvases.every((c) => c.dataset['drawn'] !== undefined)
}

async function openComparison(page: Page, { compared }: Filled, what: string, charts = 2): Promise<void> {
  await go(page, '/runs')
  await firstRow(page).waitFor()
  await longest(page)
  const began = performance.now()
  await go(page, `/compare?runs=${compared.join(',')}&baseline=${compared[0]}&tab=curves`)
  await page.waitForFunction(allDrawn, charts)
  await note(page, what, since(began), '3 s', '1 s')
}

/** Chooses ten curves in a window that shows them all at once; the choice is remembered. */
async function chooseTenCurves(page: Page): Promise<void> {
  await page.setViewportSize(TALL)
  await page.getByTitle('Choose curves').click()
  const options = page.getByRole('listbox', { name: 'Curves' }).getByRole('option')
  await options.first().waitFor()
  for (let i = 0; i < CURVES; i++)
    if ((await options.nth(i).getAttribute('aria-selected')) !== 'true') await options.nth(i).click()
  await page.keyboard.press('Escape')
  await page.waitForFunction(allDrawn, CURVES)
}

async function openManyKeys(page: Page, { manyKeys }: Filled): Promise<void> {
  await go(page, '/runs')
  await firstRow(page).waitFor()
  await longest(page)
  const began = performance.now()
  await go(page, `/runs/${manyKeys}`)
  await page.getByRole('figure').first().waitFor()
  await page.waitForFunction(allDrawn, 1)
  await note(page, `${values.keys} metric keys in one run`, since(began), '1 s', '1 s, 50 ms')
}

function table(): string {
  const head = ['what', 'measured', 'pass', 'excellent', 'longest blocked frame (200 ms, 50 ms)']
  const lines = rows.map((r) => [
    r.what,
    `${r.seconds.toFixed(2)} s`,
    r.pass,
    r.excellent,
    `${Math.round(r.blockedMs)} ms`,
  ])
  const widths = head.map((h, i) => Math.max(h.length, ...lines.map((l) => l[i]?.length ?? 0)))
  return [head, widths.map((w) => '-'.repeat(w)), ...lines]
    .map((l) =>
      l
        .map((c, i) => c.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

// From stale sources the service would be compiled anew at each start.
spawnSync(process.execPath, [join(import.meta.dirname, '../scripts/build.mjs')], { stdio: 'inherit' })
const folder = values.home === '' ? mkdtempSync(join(tmpdir(), 'cotrain-bench-')) : values.home
const home = makeHome(join(folder, 'home'))
const browser = await launchChromium()
const wants = new Set(values.only.split(','))
try {
  const began = performance.now()
  const filled = await fill(home)
  console.log(`a home of ${values.runs} runs in ${since(began).toFixed(0)} s`)
  if (wants.has('start')) {
    if (existsSync(homeLayout(home).index)) rmSync(homeLayout(home).index, { recursive: true })
    await coldStart(browser, home, `cold start, ${values.runs} runs, no index`)
    await coldStart(browser, home, `cold start, ${values.runs} runs`)
  }
  const app = await serveApp(home)
  const page = await openPage(browser, app)
  await page.getByRole('main').waitFor()
  if (wants.has('keys')) await openManyKeys(page, filled)
  if (wants.has('compare')) {
    const size = `${values.compared} runs x ${CURVES} curves x ${values.points} points`
    forgetColumns(home, filled)
    await openComparison(page, filled, `open compare, first view, ${values.compared} runs never read before`)
    await chooseTenCurves(page)
    await openComparison(page, filled, `open compare, all of ${size}`, CURVES)
    await openComparison(page, filled, `open compare again, all of ${size}`, CURVES)
  }
  await page.context().close()
  await app.stop()
  const [load = 0] = loadavg()
  console.log(`\n${table()}\n\nLoad of the machine meanwhile: ${load.toFixed(1)}.`)
} finally {
  await browser.close()
  if (values.home === '') rmSync(folder, { recursive: true, force: true })
}
