import { CotrainError } from '../src-shared/contract/errors.ts'
import type { RunConfig } from '../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../src-shared/schema/run-config.ts'

type Options = Readonly<Record<string, unknown>>

/** A config with the defaults of the schema. @throws CotrainError for one that is not valid */
export function validConfig(given: unknown): RunConfig {
  const config = parseRunConfig(given)
  if (!config.ok) throw new CotrainError(config.problems)
  return config.value
}

/** Classification by a narrow VGG-11 of images that are read from files, without the tests that follow a training: what loading is measured with. */
export const classifierFromFiles = (wish: {
  readonly dataset: Options
  readonly model: Options
  readonly trainer?: Options
}): RunConfig =>
  validConfig({
    dataset: {
      fn: 'img_loader',
      config: {
        batch_size: 64,
        validation_gauss: [],
        add_out_domain_test: false,
        add_corrupted_test: false,
        add_fly_corrupted_test: {},
        ...wish.dataset,
      },
    },
    model: {
      fn: 'mtl_builder',
      config: { vgg_type: 'vgg11_bn', v1_model_layer: -1, readout_hidden: 0, ...wish.model },
    },
    trainer: {
      fn: 'cotrainer',
      config: { loss_functions: { img_classification: 'CrossEntropyLoss' }, ...wish.trainer },
    },
  })
