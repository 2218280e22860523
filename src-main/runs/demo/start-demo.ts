import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { createRun } from '../create/create-run.ts'
import type { Workspace } from '../home/workspace.ts'
import { createFamily } from '../families/families.ts'
import { DEMO_NAMES, demoRecipe, sizedConfig } from './demo-configs.ts'
import type { DemoPlan, DemoSize } from './demo-plan.ts'
import { askedPlan, choosePlan, DEMO_SIZES, demoSeconds } from './demo-plan.ts'
import type { ConfigTiming } from './time-config.ts'

/** Training and scoring of all runs; set-up and the browser get the rest of about ten minutes. */
const BUDGET_SECONDS = 460

export interface StartedDemo {
  /** Baseline, co-trained, shuffled with the first seed, then with the next. */
  readonly ids: string[]
  /** What was chosen and why, for people. */
  readonly note: string
}

/**
 * Queues the three demo settings: classification alone, with V1 responses, with shuffled V1 responses. `auto` times a few
 * steps on the backend that is there and takes the size and the seeds that end in time.
 */
export async function startDemo(
  workspace: Workspace,
  size: 'auto' | 'quick' | 'full',
  time: (config: RunConfig) => Promise<ConfigTiming>,
): Promise<StartedDemo> {
  const text = (name: string): string => readFileSync(join(workspace.presets, `${name}.yaml`), 'utf8')
  const config = (name: string, of: DemoSize, seed: number) => sizedConfig(name, text(name), of, seed)
  const { plan, note } = await choose(size, () => time(config('demo-cotrained', DEMO_SIZES.standard, 0)))
  const recipe = demoRecipe(plan, text)
  await createFamily(workspace, { recipe, inputs: {} }, { queue: false, rename: true })
  const ids: string[] = []
  let known = 0
  for (const seed of plan.seeds) {
    for (const name of DEMO_NAMES) {
      const run = await createRun(workspace, { ...config(name, plan.size, seed), tags: [recipe.name] })
      ids.push(run.id)
      known += run.created ? 0 : 1
    }
  }
  const before =
    known === 0
      ? ''
      : ` ${known === ids.length ? 'All runs' : `${known} of them`} exist already and are not repeated.`
  return { ids, note: note + before }
}

async function choose(
  size: 'auto' | 'quick' | 'full',
  time: () => Promise<ConfigTiming>,
): Promise<{ plan: DemoPlan; note: string }> {
  if (size !== 'auto') return { plan: askedPlan(size), note: describe(askedPlan(size), 'as asked for') }
  const timed = await time().catch(unlessBusy)
  if ('why' in timed) return { plan: askedPlan('quick'), note: describe(askedPlan('quick'), timed.why) }
  const { secondsPerStep, backend } = timed
  const plan = choosePlan(secondsPerStep, BUDGET_SECONDS)
  const minutes = Math.max(1, Math.round(demoSeconds(plan, secondsPerStep) / 60))
  const why = `${(secondsPerStep * 1000).toFixed(0)} ms a step on ${backend}; about ${minutes} min for all runs`
  return { plan, note: describe(plan, why) }
}

/** Where runs have taken all cards nothing can be timed, and the smallest demo is sure to end in time. */
function unlessBusy(error: unknown): { why: string } {
  if (!(error instanceof CotrainError) || error.code !== 'engine-unavailable') throw error
  return { why: `not timed: ${error.problems[0]?.message ?? error.message}` }
}

function describe({ size: s, seeds }: DemoPlan, why: string): string {
  const repeats = seeds.length === 1 ? 'one seed' : `${seeds.length} seeds`
  return `Size "${s.name}", ${repeats}: ${Math.round(54_000 * s.trainSubset)} digits, ${s.epochs} epochs, ${s.neuralImages} neural images, width ${s.width} (${why}).`
}
