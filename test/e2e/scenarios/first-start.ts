import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { serveWheel, WHEEL } from '../../support/wheel-index.ts'
import type { Scenario } from '../scenario.ts'
import { check, eventually } from '../scenario.ts'

const BYTES = 6_000_000

/** A home without an engine, on a machine whose index of packages sends slowly. */
const offers: Scenario = {
  name: 'first start: what is fetched is said before, can be stopped, goes on where it was, and can be put off',
  onDesktop: 'when asked',
  run: async (stage) => {
    rmSync(join(stage.home, 'engine'), { force: true, recursive: true })
    const served = await serveWheel(Buffer.alloc(BYTES, 'not a library'), { piece: 100_000 })
    try {
      await stage.serve({ COTRAIN_PACKAGE_INDEX: served.index })
      const page = await stage.open()
      const steps = page.getByRole('region', { name: 'Welcome' })
      await steps.getByText(WHEEL).waitFor()
      const said = await steps.innerText()
      check(
        'it says how much, from where and where to',
        /261 MiB.*127\.0\.0\.1.*[0-9a-f]{64}/s.test(said),
        said,
      )
      check('and where it will lie', said.includes(join(stage.home, 'engine')), said)

      await steps.getByRole('button', { name: 'Set up TensorFlow' }).click()
      const card = page.getByRole('status', { name: 'Setting up the engine' })
      await card.getByText(/of 5\.7/).waitFor()
      await card.getByRole('button', { name: 'Stop' }).click()
      await steps.getByText(/are there already/).waitFor()
      check('being stopped is no problem', (await page.getByRole('alert').count()) === 0)

      await steps.getByRole('button', { name: 'Go on with the set-up' }).click()
      await eventually(
        'it goes on where it was',
        () => served.asked.filter((line) => line.includes('bytes=')),
        (lines) => lines.length > 0,
      )
      await card.getByRole('button', { name: 'Stop' }).click()
      await steps.getByRole('button', { name: 'Not now' }).click()
      await steps.getByText(WHEEL).waitFor({ state: 'hidden' })
      await page
        .getByRole('link', { name: /Engine|embedded/i })
        .first()
        .click()
      await page.getByRole('region', { name: 'TensorFlow is not set up' }).getByText(WHEEL).waitFor()
    } finally {
      served.close()
    }
  },
}

export const scenarios: readonly Scenario[] = [offers]
