import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { createRun } from '../create-run.ts'
import type { Workspace } from '../workspace.ts'
import { DEMO_NAMES, sizedConfig } from './demo-configs.ts'
import type { DemoSize } from './demo-plan.ts'
import { chooseSize, DEMO_SIZES, demoSeconds } from './demo-plan.ts'
import type { ConfigTiming } from './time-config.ts'

/** Training and scoring of all three runs; set-up and the browser get the rest of about ten minutes. */
const BUDGET_SECONDS = 400

export interface StartedDemo {
  /** Baseline, co-trained, shuffled. */
  readonly ids: string[]
  /** What was chosen and why, for people. */
  readonly note: string
}

/**
 * Queues the three demo runs: classification alone, with V1 responses, with shuffled V1 responses. `auto` times a few
 * steps on the backend that is there and takes the largest size that ends in time.
 */
export async function startDemo(
  workspace: Workspace,
  size: 'auto' | 'quick' | 'full',
  time: (config: RunConfig) => Promise<ConfigTiming>,
): Promise<StartedDemo> {
  const text = (name: string): string => readFileSync(join(workspace.presets, `${name}.yaml`), 'utf8')
  const sized = (chosen: DemoSize) => DEMO_NAMES.map((name) => sizedConfig(name, text(name), chosen))
  const { chosen, note } = await choose(size, () => time(sized(DEMO_SIZES.standard)[1] as RunConfig))
  const ids: string[] = []
  let known = 0
  for (const config of sized(chosen)) {
    const run = await createRun(workspace, config)
    ids.push(run.id)
    known += run.created ? 0 : 1
  }
  const before =
    known === 0
      ? ''
      : ` ${known === 3 ? 'All three runs' : `${known} of them`} exist already and are not repeated.`
  return { ids, note: note + before }
}

async function choose(
  size: 'auto' | 'quick' | 'full',
  time: () => Promise<ConfigTiming>,
): Promise<{ chosen: DemoSize; note: string }> {
  if (size !== 'auto') return { chosen: DEMO_SIZES[size], note: describe(DEMO_SIZES[size], 'as asked for') }
  const { secondsPerStep, backend } = await time()
  const chosen = chooseSize(secondsPerStep, BUDGET_SECONDS)
  const minutes = Math.max(1, Math.round(demoSeconds(chosen, secondsPerStep) / 60))
  const why = `${(secondsPerStep * 1000).toFixed(0)} ms a step on ${backend}; about ${minutes} min for the three runs`
  return { chosen, note: describe(chosen, why) }
}

const describe = (s: DemoSize, why: string): string =>
  `Size "${s.name}": ${Math.round(54_000 * s.trainSubset)} digits, ${s.epochs} epochs, ${s.neuralImages} neural images, width ${s.width} (${why}).`
