/**
 * How fast the store and the interface are at the sizes that a laboratory reaches, the interface in a real Chromium on the real web host:
 *
 *   node --import tsx bench/ui.ts [--runs 1000] [--compared 50] [--keys 2000] [--points 10000] [--listed 10000] [--home folder] [--only series,list,start,keys,compare,clicks]
 *
 * Makes a home with finished runs (kept with --home and used again), then measures: events into the log and from it into columns, a
 * window of a very long curve; the list of 10,000 runs; process start to the first row of the run list; opening the curves of a
 * comparison until every chart is drawn, never read, first view and again; opening a run with very many metric keys; the time from each
 * main click to the next frame and to what it asked for. Beside each time of the interface stands the longest blocked frame: the longest
 * task of the main thread. Every number has its target; machine and load stand beneath: numbers of a busy machine say little. What is
 * stale is built first.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { writeFileAtomic } from '../src-main/disk/atomic-write.ts'
import { homeLayout } from '../src-main/disk/home-layout.ts'
import { openRunStore } from '../src-main/store/run-store.ts'
import { launchChromium, PAGE_HELPER } from '../test/e2e/browser.ts'
import type { ServedApp } from '../test/e2e/served-app.ts'
import { makeHome, serveApp } from '../test/e2e/served-app.ts'
import { measureClicks } from './clicks.ts'
import type { Measured } from './store.ts'
import { measureList, measureSeries } from './store.ts'
import { makeFinishedRun } from '../test/support/made-runs.ts'
import { shippedConfig } from '../test/support/shipped-config.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    compared: { type: 'string', default: '50' },
    keys: { type: 'string', default: '2000' },
    points: { type: 'string', default: '10000' },
    home: { type: 'string', default: '' },
    only: { type: 'string', default: 'series,list,start,keys,compare,clicks' },
    listed: { type: 'string', default: '10000' },
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

/** Records tasks of the main thread above 50 ms (the browser's own limit; shorter ones count as 0) and gaps between frames. */
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

/** A frame may take so long; a click is answered within the other time, or something is seen to happen. */
const FRAME_MS = 50
const CLICK_MS = 200

interface Row {
  readonly what: string
  readonly measured: string
  readonly target: string
  readonly isMet: boolean
  /** What else was measured, in words. */
  readonly note: string
}
const rows: Row[] = []
function add(row: Row): void {
  rows.push(row)
  console.log(`${row.what}: ${row.measured} (${row.target}${row.isMet ? '' : ': MISSED'}) ${row.note}`)
}

async function note(page: Page, what: string, seconds: number, most: number): Promise<void> {
  // The frame after the last change belongs to it.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const { task, gap } = await longest(page)
  const frame = Math.max(task, gap)
  add({
    what,
    measured: `${seconds.toFixed(2)} s, frame ${Math.round(frame)} ms`,
    target: `<= ${most} s, frame <= ${FRAME_MS} ms`,
    isMet: seconds <= most && frame <= FRAME_MS,
    note: `longest task ${Math.round(task)} ms`,
  })
}

function noteStore({ what, value, unit, target, cpuSeconds }: Measured): void {
  const isRate = unit === 'points/s'
  const shown = (n: number): string => `${isRate ? Math.round(n).toLocaleString('en') : n.toFixed(0)} ${unit}`
  add({
    what,
    measured: shown(value),
    target: `${isRate ? '>=' : '<='} ${isRate ? target.toLocaleString('en') : target} ${unit}`,
    isMet: isRate ? value >= target : value <= target,
    note: `${cpuSeconds.toFixed(2)} s of the processor`,
  })
}

async function openPage(browser: Browser, app: ServedApp): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(TIMEOUT_MS)
  await context.addInitScript(PAGE_HELPER)
  await context.addInitScript(watchFrames)
  const page = await context.newPage()
  page.on('pageerror', (error) => console.log(`page error: ${error.message}`))
  await page.goto(app.launchUrl)
  return page
}

const since = (began: number): number => (performance.now() - began) / 1000
const go = (page: Page, hash: string): Promise<void> => page.evaluate((to) => void (location.hash = to), hash)
const firstRow = (page: Page) =>
  page.getByRole('region', { name: 'Runs', exact: true }).locator('tbody tr[data-index]').first()

async function coldStart(browser: Browser, home: string, what: string, most: number): Promise<void> {
  const began = performance.now()
  const app = await serveApp(home)
  const served = since(began)
  const page = await openPage(browser, app)
  await page.getByRole('main').waitFor()
  await go(page, '/runs')
  await firstRow(page).waitFor()
  await note(page, `${what} (serving after ${served.toFixed(2)} s)`, since(began), most)
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
  await note(page, what, since(began), 1)
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
  await note(page, `${values.keys} metric keys in one run`, since(began), 1)
}

function table(): string {
  const lines = rows.map((r) => [r.what, r.measured, r.target, r.isMet ? 'met' : 'missed', r.note])
  return [['what', 'measured', 'target', '', ''], ['---', '---', '---', '---', '---'], ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function machine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const loads = loadavg().map((load) => load.toFixed(1))
  return `${cpus().length} x ${cpu?.model ?? 'unknown processor'}, ${memory} GiB, Node ${process.versions.node}; load of the last 1, 5 and 15 minutes: ${loads.join(', ')}.`
}

// From stale sources the service would be compiled anew at each start.
spawnSync(process.execPath, [join(import.meta.dirname, '../scripts/build.mjs'), '--if-stale'], {
  stdio: 'inherit',
})
const folder = values.home === '' ? mkdtempSync(join(tmpdir(), 'cotrain-bench-')) : values.home
const home = makeHome(join(folder, 'home'))
const browser = await launchChromium()
const wants = new Set(values.only.split(','))
try {
  const began = performance.now()
  const filled = await fill(home)
  console.log(`a home of ${values.runs} runs in ${since(began).toFixed(0)} s`)
  if (wants.has('series')) (await measureSeries()).forEach(noteStore)
  if (wants.has('list')) (await measureList(home, Number(values.listed))).forEach(noteStore)
  if (wants.has('start')) {
    if (existsSync(homeLayout(home).index)) rmSync(homeLayout(home).index, { recursive: true })
    await coldStart(browser, home, `start, ${values.runs} runs, no index`, 2)
    await coldStart(browser, home, `start, ${values.runs} runs`, 1)
  }
  const app = await serveApp(home)
  const page = await openPage(browser, app)
  await page.getByRole('main').waitFor()
  if (wants.has('keys')) await openManyKeys(page, filled)
  if (wants.has('compare')) {
    const size = `${values.compared} runs x ${CURVES} curves x ${values.points} points`
    forgetColumns(home, filled)
    await openComparison(page, filled, `compare, ${values.compared} runs never read, two charts`)
    await chooseTenCurves(page)
    await openComparison(page, filled, `compare, second view of ${size}`, CURVES)
    // A page of its own has the code of the view still before it.
    const fresh = await page.context().newPage()
    await fresh.setViewportSize(TALL)
    await fresh.goto(app.origin)
    await fresh.getByRole('main').waitFor()
    await openComparison(fresh, filled, `compare, first view of ${size}`, CURVES)
    await fresh.close()
  }
  if (wants.has('clicks')) {
    await page.setViewportSize({ width: 1440, height: 900 })
    for (const { what, paintMs, shownMs } of await measureClicks(page))
      add({
        what: `click, ${what}`,
        measured: `${shownMs.toFixed(0)} ms`,
        target: `there, or a frame, <= ${CLICK_MS} ms`,
        isMet: Math.min(paintMs, shownMs) <= CLICK_MS,
        note: `next frame after ${paintMs} ms`,
      })
  }
  await page.context().close()
  await app.stop()
  console.log(`\n${table()}\n\n${machine()}`)
} finally {
  await browser.close()
  if (values.home === '') rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
