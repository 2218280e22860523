import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DEMO_NAMES, demoRecipe, sizedConfig } from '../../../../../src-main/runs/demo/demo-configs.ts'
import { askedPlan } from '../../../../../src-main/runs/demo/demo-plan.ts'
import { expandRecipe } from '../../../../../src-shared/schema/expand-recipe.ts'
import { parseRecipe } from '../../../../../src-shared/schema/recipe.ts'

it('is a family whose runs are those that the demo queues', () => {
  const plan = askedPlan('quick')
  const text = (name: string) =>
    readFileSync(join(import.meta.dirname, `../../../../../configs/${name}.yaml`), 'utf8')
  const parsed = parseRecipe(demoRecipe(plan, text))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const { runs, problems } = expandRecipe(parsed.value, () => null)
  expect(problems).toEqual([])
  expect(runs.map((r) => r.label)).toEqual(['classification only', 'co-trained', 'shuffled control'])
  expect(runs.map((r) => r.config)).toEqual(
    DEMO_NAMES.map((name) => ({
      ...sizedConfig(name, text(name), plan.size, plan.seeds[0] ?? 0),
      tags: ['Demo, quick'],
    })),
  )
})
