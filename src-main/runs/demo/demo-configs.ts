import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import type { RecipeIn } from '../../../src-shared/schema/recipe.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../../src-shared/schema/run-config.ts'
import { parseConfigText } from '../create/config-text.ts'
import type { DemoPlan, DemoSize } from './demo-plan.ts'

/** The shipped demo configs in the order in which they run: the baseline first. */
export const DEMO_NAMES = ['demo-baseline', 'demo-cotrained', 'demo-shuffled'] as const

type Plain = Record<string, unknown>

/** What the settings of the demo are called. */
const LABELS: Readonly<Record<(typeof DEMO_NAMES)[number], string>> = {
  'demo-baseline': 'classification only',
  'demo-cotrained': 'co-trained',
  'demo-shuffled': 'shuffled control',
}

/** The demo as a family: its three settings at a size. `text` gives a shipped config. */
export function demoRecipe(
  { size, seeds }: DemoPlan,
  text: (name: string) => string,
): RecipeIn & PlainConfig {
  const settings = DEMO_NAMES.map((name) => ({
    label: LABELS[name],
    from: sizedGiven(name, text(name), size),
  }))
  return {
    name: `Demo, ${size.name}`,
    question: 'Does training on brain responses make a network more robust?',
    baseline: settings[0]?.from ?? {},
    list: settings,
    compareTo: LABELS['demo-baseline'],
    seeds: [...seeds],
  }
}

/** A demo config as shipped, brought to a size and a seed. @throws CotrainError when the shipped text is not a valid config. */
export function sizedConfig(name: string, text: string, size: DemoSize, seed: number): RunConfig {
  const parsed = parseRunConfig({ ...sizedGiven(name, text, size), seed })
  if (!parsed.ok) throw new CotrainError(parsed.problems)
  return parsed.value
}

function sizedGiven(name: string, text: string, size: DemoSize): PlainConfig {
  const { given, problems } = parseConfigText(text, `${name}.yaml`)
  if (problems.length > 0) throw new CotrainError(problems)
  const config = given as { dataset: { config: Plain }; model: { config: Plain }; trainer: { config: Plain } }
  const data = config.dataset.config
  const images = (data['img_dataset_dict'] ?? data) as Plain
  Object.assign(images, {
    train_subset: size.trainSubset,
    valid_subset: size.validSubset,
    test_subset: size.testSubset,
    fly_subset: size.flySubset,
  })
  const neural = data['v1_dataset_dict'] as { generator: Plain } | undefined
  if (neural !== undefined) Object.assign(neural.generator, { n_images: size.neuralImages })
  Object.assign(config.model.config, { width: size.width })
  const milestones = [size.epochs - 2, size.epochs - 1].filter((epoch) => epoch > 0)
  Object.assign(config.trainer.config, { max_iter: size.epochs, scheduler_options: { milestones } })
  return config
}
