/**
 * Whether a service that runs for long, with a window open, stays as large as it was:
 *
 *   npm run soak -- [--minutes 30] [--every 5] [--out soak.json] [--home folder]
 *
 * Trains one run after the other on the real web host, changes the queue, compares, imports and removes data, and walks through the pages of
 * one window of Chromium. Every few seconds it samples memory and open handles of service, worker and window, sizes of files and the
 * longest frame. What must not grow is judged by its slope after the first third, in which caches fill. Ends with 0 only if all is within
 * bounds; fewer than ten minutes say little.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { CDPSession, Page } from 'playwright-core'
import type { Method, Params, Result } from '../src-shared/contract/contract.ts'
import { writeRecording } from '../test/e2e/array-recording.ts'
import { launchChromium, PAGE_HELPER } from '../test/e2e/browser.ts'
import { killWorkers } from '../test/e2e/open-stage.ts'
import { makeHome, serveApp } from '../test/e2e/served-app.ts'
import { tinyYaml } from '../test/e2e/tiny-training.ts'
import type { Sample } from './soak/samples.ts'
import { fileSizes, processFacts, workersOf } from './soak/samples.ts'
import { asTable, verdicts } from './soak/verdict.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    every: { type: 'string', default: '5' },
    out: { type: 'string', default: '' },
    home: { type: 'string', default: '' },
  },
})
const EPOCHS = 40
/** Runs that wait: the queue never runs dry, and never grows. */
const WAITING = 3
/** Runs that are kept; older ones go to the trash, as in a laboratory that tidies up. */
const KEPT = 12
const PAGES = ['/runs', '/queue', '/data', '/edit', '/settings', '/']

type Call = <M extends Method>(method: M, params: Params<M>) => Promise<Result<M>>

/** Calls as the window makes them, with its cookie and origin. */
const callFrom =
  (page: Page): Call =>
  async (method, params) => {
    const reply = await page.evaluate(async (body) => {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch('api/call', { method: 'POST', headers, body })
      return (await response.json()) as { ok: boolean; result: never; problems: unknown }
    }, JSON.stringify({ method, params }))
    if (!reply.ok) throw new Error(`${method}: ${JSON.stringify(reply.problems)}`)
    return reply.result
  }

const counts = { cycles: 0, runs: 0, imports: 0, moves: 0, comparisons: 0, faults: [] as string[] }

/** One round of what people do. A part that is refused is counted, and the rest goes on. */
async function cycle(call: Call, page: Page, folder: string, yaml: string): Promise<void> {
  const seed = ++counts.cycles
  const work: readonly (() => Promise<void>)[] = [
    () => fillQueue(call, yaml),
    () => changeQueue(call),
    () => importAndRemove(call, folder, seed),
    () => compare(call, page),
    async () => {
      await page.evaluate((to) => void (location.hash = to), PAGES[seed % PAGES.length]!)
      await pause(1_000)
    },
    () => tidy(call),
  ]
  for (const part of work)
    await part().catch((error: unknown) => void counts.faults.push(String(error).split('\n', 1)[0]!))
}

async function fillQueue(call: Call, yaml: string): Promise<void> {
  const { waiting } = await call('queue.get', {})
  for (let n = waiting.length; n < WAITING; n++) {
    const { config } = await call('config.parse', { yaml: yaml.replace('seed: 1', `seed: ${++counts.runs}`) })
    await call('runs.create', { config } as Params<'runs.create'>)
  }
}

async function changeQueue(call: Call): Promise<void> {
  const { waiting } = await call('queue.get', {})
  const last = waiting.at(-1)
  if (last === undefined) return
  await call('queue.move', { id: last.id, to: 0 })
  await call('queue.prioritise', { id: last.id, priority: counts.cycles % 3 })
  await call('queue.pause', {})
  await call('queue.resume', {})
  counts.moves++
}

async function importAndRemove(call: Call, folder: string, seed: number): Promise<void> {
  const path = join(folder, `recording-${seed}`)
  writeRecording(path, seed)
  const params = { path, name: `recording ${seed}`, area: 'v1' } as Params<'data.add'>
  const { id } = await call('data.add', params)
  await call('data.remove', { id })
  rmSync(path, { recursive: true, force: true })
  counts.imports++
}

async function compare(call: Call, page: Page): Promise<void> {
  const { runs } = await call('runs.list', {} as Params<'runs.list'>)
  const ids = runs.filter(({ status }) => status === 'finished').map(({ id }) => id)
  const [one] = runs
  if (one !== undefined) await page.evaluate((to) => void (location.hash = to), `/runs/${one.id}`)
  await pause(1_500)
  if (ids.length < 2) return
  await page.evaluate(
    (to) => void (location.hash = to),
    `/compare?runs=${ids.slice(0, 6).join(',')}&tab=curves`,
  )
  await pause(1_500)
  counts.comparisons++
}

async function tidy(call: Call): Promise<void> {
  const { runs } = await call('runs.list', {} as Params<'runs.list'>)
  const over = runs.filter(({ status }) => status === 'finished').sort((a, b) => b.createdAt - a.createdAt)
  for (const { id } of over.slice(KEPT)) await call('runs.remove', { id })
}

/** The longest time between two frames since the last look, ms. */
const FRAMES = `(() => {
  let last = performance.now(); globalThis.longestFrame = 0
  const look = () => { const now = performance.now(); globalThis.longestFrame = Math.max(globalThis.longestFrame, now - last); last = now; requestAnimationFrame(look) }
  requestAnimationFrame(look)
})()`

async function windowFacts(page: Page, cdp: CDPSession) {
  await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0
  const frame = await page.evaluate(() => {
    const it = globalThis as { longestFrame?: number }
    const longest = it.longestFrame ?? 0
    it.longestFrame = 0
    return longest
  })
  return {
    windowHeap: of('JSHeapUsedSize'),
    windowNodes: of('Nodes'),
    windowListeners: of('JSEventListeners'),
    longestFrame: frame,
  }
}

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cotrain-soak-'))
  const home = makeHome(values.home === '' ? join(folder, 'home') : values.home)
  const yaml = tinyYaml(home, EPOCHS)
  const app = await serveApp(home)
  const browser = await launchChromium()
  const samples: Sample[] = []
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.on('pageerror', (error) => counts.faults.push(`page error: ${error.message}`))
    await page.addInitScript(PAGE_HELPER)
    await page.addInitScript(FRAMES)
    await page.goto(app.launchUrl)
    await page.getByRole('main').waitFor()
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Performance.enable')
    const call = callFrom(page)
    const began = Date.now()
    const end = began + Number(values.minutes) * 60_000
    let next = 0
    while (Date.now() < end) {
      await cycle(call, page, folder, yaml)
      if (Date.now() < next) continue
      next = Date.now() + Number(values.every) * 1000
      samples.push({
        minutes: (Date.now() - began) / 60_000,
        ...processFacts('service', [app.pid]),
        ...processFacts('worker', workersOf(home)),
        ...(await windowFacts(page, cdp)),
        ...fileSizes(home),
      })
    }
  } finally {
    await browser.close()
    await app.stop()
    killWorkers(home)
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
  const { rows, failed } = verdicts(samples, counts.faults)
  console.log(asTable(rows))
  const { faults, ...done } = counts
  console.log(`${values.minutes} minutes: ${JSON.stringify(done)}; ${faults.length} refused`)
  for (const fault of new Set(faults)) console.log(`  ${fault}`)
  console.log(`${cpus()[0]?.model ?? ''}, ${cpus().length} threads, load ${loadavg()[0]?.toFixed(1) ?? ''}`)
  if (values.out !== '') writeFileSync(values.out, JSON.stringify({ rows, counts, samples }, null, 1))
  console.log(failed === 0 ? 'soak: all within bounds' : `soak: ${failed} out of bounds`)
  return failed === 0 ? 0 : 1
}

process.exitCode = await main()
