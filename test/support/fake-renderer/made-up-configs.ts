import type { Params } from '../../../src-shared/contract/contract.ts'
import { parseRunConfig } from '../../../src-shared/schema/run-config.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { parse } from 'yaml'

export const BASELINE_YAML = `# Classification only: the network that the others are compared with.
name: demo baseline
dataset:
  fn: img_loader
  config:
    batch_size: 64  # fits the cache of a laptop
model:
  fn: mtl_builder
  config:
    width: 0.25
trainer:
  fn: cotrainer
  config:
    loss_functions:
      img_classification: CrossEntropyLoss
    to_monitor: [img_classification]
    max_iter: 12
seed: 1000
`

export const COTRAINED_YAML = `# Classification together with the responses of V1.
name: demo co-trained
dataset:
  fn: mtl_loader
  config:
    v1_dataset_dict:
      dataset: CSRF19_V1
model:
  fn: mtl_builder
  config:
    width: 0.25
trainer:
  fn: cotrainer
  config:
    loss_functions:
      img_classification: CrossEntropyLoss
      v1: PoissonLoss
    to_monitor: [img_classification, v1]
    loss_weighing: true
    max_iter: 12
    # Responses are noisy: be patient.
    patience: 5
seed: 1000
`

const SHUFFLED_YAML = COTRAINED_YAML.replace('co-trained', 'shuffled control').replace(
  'dataset: CSRF19_V1',
  'dataset: CSRF19_V1\n      variant: shuffled',
)

/** A config from text, or the reason why this support file is wrong. */
export function configOf(yaml: string): RunConfig {
  const parsed = parseRunConfig(parse(yaml))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, null, 2))
  return parsed.value
}

export const DEMO_YAML: readonly string[] = [BASELINE_YAML, COTRAINED_YAML, SHUFFLED_YAML]

export type AnyConfig = Params<'config.preflight'>['config']
