import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { provisionNative } from '../../src-main/io/native/setup/provision.ts'
import { launchChromium } from './browser.ts'
import { openDesktopStage } from './open-desktop-stage.ts'
import type { OpenStage } from './open-stage.ts'
import { ARTIFACTS, openStage, requests } from './open-stage.ts'
import type { Scenario } from './scenario.ts'

/**
 * User tasks in a real Chromium over the real web host, some of them again in the window of the desktop app
 * (`npm run test:e2e -- "desktop app"` plays all that can be), with real workers. `npm run test:e2e -- queue` runs only the
 * scenarios whose name has the word. Images of failures go to test/e2e/artifacts.
 */
const SLOWEST_MS = 420_000
/** Scenarios at a time: each waits for its pages and its workers for most of its time, and has a home and a host of its own. */
const LANES = 2
const wanted = process.argv.slice(2)
/** To reach another machine, of which each is refused and fails its scenario. */
let tries = 0
const ON_DESKTOP = 'desktop app'
const counts = { passed: 0, failed: 0, skipped: 0, failures: [] as string[] }

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function failed(what: string): void {
  counts.failed += 1
  counts.failures.push(what)
  console.log(`FAILED  ${what}`)
}

/** A scenario on one of the hosts. */
interface Play extends Scenario {
  open(browser: Browser): OpenStage
}

async function scenarios(): Promise<Play[]> {
  const folder = join(import.meta.dirname, 'scenarios')
  const found: Scenario[] = []
  for (const name of readdirSync(folder).sort()) {
    const module = (await import(pathToFileURL(join(folder, name)).href)) as {
      scenarios: readonly Scenario[]
    }
    found.push(...module.scenarios)
  }
  const plays = found.flatMap(({ name, run, onDesktop }): Play[] => [
    { name, run, open: openStage },
    ...(onDesktop === 'each time' ||
    (onDesktop !== undefined && wanted.some((word) => ON_DESKTOP.includes(word)))
      ? [{ name: `${ON_DESKTOP}: ${name}`, run, open: openDesktopStage }]
      : []),
  ])
  return plays.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
}

function requireBuild(): void {
  const built = join(import.meta.dirname, '../../out/renderer/index.html')
  if (!existsSync(built)) throw new Error('the interface has not been built: run `npm run build` first')
}

async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${SLOWEST_MS / 1000} s`)), SLOWEST_MS)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

async function main(): Promise<void> {
  requireBuild()
  if (!['wasm', 'cpu'].includes(process.env['COTRAIN_ENGINE'] ?? '')) await provisionNative()
  rmSync(ARTIFACTS, { recursive: true, force: true })
  const waiting = await scenarios()
  await Promise.all(Array.from({ length: LANES }, () => lane(waiting)))
}

/** Takes one scenario after the other, in a browser of its own. */
async function lane(waiting: Play[]): Promise<void> {
  const browser = await launchChromium()
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await play(browser, next)
  await browser.close()
}

async function play(browser: Browser, scenario: Play): Promise<void> {
  const began = Date.now()
  const stage = scenario.open(browser)
  try {
    await inTime(scenario.run(stage))
    await stage.stop()
    const calls = stage.networkCalls()
    tries += calls.length
    const faults = [...stage.faults, ...calls]
    if (faults.length > 0) throw new Error(faults.join('\n'))
    counts.passed += 1
    console.log(`ok      ${scenario.name}  ${((Date.now() - began) / 1000).toFixed(1)} s`)
  } catch (error) {
    failed(`${scenario.name}: ${reasonOf(error)}`)
    await stage.photograph(scenario.name.replaceAll(/[^a-z0-9]+/gi, '-'))
    if (error instanceof Error) console.log(error.stack)
    for (const fault of stage.faults) console.log(`        ${fault}`)
  } finally {
    // What one scenario leaves behind does not keep the others from being played.
    await stage.close().catch((error: unknown) => failed(`${scenario.name}: ${reasonOf(error)}`))
  }
}

try {
  await main()
} catch (error) {
  failed(`end-to-end tests could not run: ${reasonOf(error)}`)
}
console.log(`end to end: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
console.log(
  `security: requests of pages that left this machine: ${requests.left} of ${requests.made}; tries of hosts and workers: ${tries}`,
)
const file = process.env['COTRAIN_TEST_COUNTS']
if (file !== undefined) writeFileSync(file, JSON.stringify(counts))
process.exit(counts.failed === 0 ? 0 : 1)
