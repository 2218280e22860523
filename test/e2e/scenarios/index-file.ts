import { rmSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { writeFileAtomic } from '../../../src-main/disk/atomic-write.ts'
import { homeLayout } from '../../../src-main/disk/home-layout.ts'
import { openRunStore } from '../../../src-main/store/run-store.ts'
import { makeFinishedRun } from '../../support/made-runs.ts'
import { shippedConfig } from '../../support/shipped-config.ts'
import type { Scenario } from '../scenario.ts'
import { checkEqual, eventually } from '../scenario.ts'

const SEEDS = [1, 2, 3, 4]

async function listed(page: Page): Promise<string[]> {
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  const rows = page.getByRole('region', { name: 'Runs', exact: true }).locator('tbody tr[data-index]')
  await eventually(
    'all runs are listed',
    () => rows.count(),
    (n) => n === SEEDS.length,
  )
  return rows.evaluateAll((list) => list.map((row) => (row as HTMLElement).innerText.replaceAll(/\s+/g, ' ')))
}

const deletedIndex: Scenario = {
  name: 'the same runs after the index file was deleted',
  onDesktop: 'when asked',
  run: async (stage) => {
    const store = openRunStore({ home: stage.home, disk: { writeFile: writeFileAtomic } })
    for (const seed of SEEDS)
      await makeFinishedRun(store, {
        config: shippedConfig('demo-baseline', { seed }),
        skill: seed / 5,
        // no full or half hours, where a moment changes what the age is called
        minutesAgo: 100 * seed + 7,
      })
    store.close()
    await stage.serve()
    const before = await listed(await stage.open())
    await stage.stop()
    rmSync(homeLayout(stage.home).index, { recursive: true })
    await stage.serve()
    checkEqual('the list of runs', await listed(await stage.open()), before)
  },
}

export const scenarios: readonly Scenario[] = [deletedIndex]
