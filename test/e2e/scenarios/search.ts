import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { stringify } from 'yaml'
import { writeFileAtomic } from '../../../src-main/disk/atomic-write.ts'
import { openRunStore } from '../../../src-main/store/run-store.ts'
import { expandRecipe } from '../../../src-shared/schema/expand-recipe.ts'
import { parseRecipe } from '../../../src-shared/schema/recipe.ts'
import { makeFinishedRun } from '../../support/made-runs.ts'
import { seriousFindings } from '../audit.ts'
import { checkDrawn } from '../images.ts'
import { pressTabTo } from '../keyboard.ts'
import type { Scenario } from '../scenario.ts'
import { check, checkEqual } from '../scenario.ts'

const LR = 'trainer.optimizer_options.lr'
const TRIALS = 21
const RECIPE = {
  name: 'Which rate',
  question: 'Which learning rate is best?',
  baseline: {
    dataset: { fn: 'img_loader', config: { dataset_cls: 'MNIST' } },
    model: { fn: 'classification_cnn_builder' },
    trainer: { fn: 'cotrainer', config: { to_monitor: ['img_classification'] } },
  },
  search: {
    method: 'sobol',
    trials: TRIALS,
    objectives: [{ metric: 'FinalTest/img_classification/eval' }],
    on_test: true,
    space: [
      { kind: 'float', path: LR, min: 0.0001, max: 0.1, log: true },
      { kind: 'choice', path: 'trainer.optimizer', values: ['Adam', 'SGD'] },
    ],
  },
}

/** A search of which every trial has finished, the better the nearer its rate is to 0.01. */
async function fillSearch(home: string): Promise<void> {
  const parsed = parseRecipe(RECIPE)
  check('the recipe is one', parsed.ok)
  const store = openRunStore({ home, disk: { writeFile: writeFileAtomic } })
  const { runs, problems } = expandRecipe(parsed.value, () => null)
  checkEqual('the recipe makes its trials', [runs.length, problems], [TRIALS, []])
  for (const { config, patch } of runs)
    await makeFinishedRun(store, {
      config,
      skill: 1 - Math.abs(Math.log10(Number(patch[LR]) / 0.01)) / 2,
      points: 24,
    })
  mkdirSync(store.layout.families, { recursive: true })
  await store.disk.writeFile(join(store.layout.families, 'which-rate.yaml'), stringify(RECIPE))
  store.close()
}

async function looksWhole(page: Page): Promise<void> {
  const search = page.getByRole('region', { name: 'Search', exact: true })
  await search.getByText(`${TRIALS} of ${TRIALS} trials have a value`).waitFor()
  for (const name of [/^Best so far/, /^Learning rate/, /^Which options matter/]) {
    const canvas = search.getByRole('figure', { name }).locator('canvas')
    await canvas.scrollIntoViewIfNeeded() // what is out of sight is not drawn
    await checkDrawn(canvas)
  }
  checkEqual('nothing serious found by axe', await seriousFindings(page), [])
}

const searchPage: Scenario = {
  name: 'a search: its trials, the best and what matters, by keyboard, in light and dark',
  run: async (stage) => {
    await fillSearch(stage.home)
    const { origin } = await stage.serve()
    for (const theme of ['light', 'dark'] as const) {
      const page = await stage.open({ theme })
      await page.goto(`${origin}/#/families/which-rate`)
      await looksWhole(page)
      if (process.env['COTRAIN_PICTURES'] !== undefined)
        await page.screenshot({
          path: join(process.env['COTRAIN_PICTURES'], `search-${theme}.png`),
          fullPage: true,
        })
    }
    const page = await stage.open()
    await page.goto(`${origin}/#/families/which-rate`)
    const trials = page.getByRole('group', { name: 'Trials' })
    await pressTabTo(page, trials.getByRole('link').first())
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /trial 1$/ }).waitFor()
  },
}

export const scenarios: readonly Scenario[] = [searchPage]
