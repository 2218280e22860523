/**
 * How the cost of listing runs grows with their number, in milliseconds of the processor, those of the clock in brackets:
 *
 *   node --import tsx bench/growth.ts [--runs 10,100,1000,10000]
 *
 * The runs are copies of a few finished ones under other ids. The least of several rounds counts.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeFileAtomic } from '../src-main/disk/atomic-write.ts'
import { homeLayout } from '../src-main/disk/home-layout.ts'
import type { RunStore } from '../src-main/store/run-store.ts'
import { openRunStore } from '../src-main/store/run-store.ts'
import { makeFinishedRun } from '../test/support/made-runs.ts'
import { shippedConfig } from '../test/support/shipped-config.ts'
import type { Cost } from './store.ts'
import { copyRuns, least } from './store.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10,100,1000,10000' } } })
const ORIGINALS = 10
/** So many runs are an answer to a window. */
const RUNS_AT_ONCE = 250

const folder = mkdtempSync(join(tmpdir(), 'cotrain-growth-'))
const open = (home: string): RunStore => openRunStore({ home, disk: { writeFile: writeFileAtomic } })

async function makeOriginals(home: string): Promise<void> {
  const store = open(home)
  for (let i = 0; i < ORIGINALS; i++) {
    const config = shippedConfig(i % 2 === 0 ? 'demo-baseline' : 'demo-cotrained', { seed: 1 + i })
    await makeFinishedRun(store, { config, skill: i / ORIGINALS, points: 20, minutesAgo: i })
  }
  store.close()
}

/** Without an index, with one, asked again, and as text for a window. */
async function costsOf(home: string): Promise<Cost[]> {
  const noIndex = await least(() => {
    rmSync(homeLayout(home).index, { recursive: true, force: true })
    open(home).list()
  }, 2)
  const withIndex = await least(() => open(home).list(), 3)
  const store = open(home)
  store.list()
  const warm = await least(() => store.list())
  const answer = await least(() => JSON.stringify(store.list({ limit: RUNS_AT_ONCE })))
  return [noIndex, withIndex, warm, answer]
}

try {
  const originals = join(folder, 'originals')
  await makeOriginals(originals)
  console.log(`| runs | no index | first look with the index | warm | ${RUNS_AT_ONCE} runs as text |`)
  console.log('| --- | --- | --- | --- | --- |')
  for (const count of values.runs.split(',').map(Number)) {
    const home = join(folder, String(count))
    copyRuns(originals, home, count)
    const costs = await costsOf(home)
    const cells = costs.map(({ ms, cpuSeconds }) => `${(cpuSeconds * 1000).toFixed(0)} (${ms.toFixed(0)})`)
    console.log(`| ${[count.toLocaleString('en'), ...cells].join(' | ')} |`)
    rmSync(home, { recursive: true, force: true })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
