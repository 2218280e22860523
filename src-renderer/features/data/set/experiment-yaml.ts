import { stringify } from 'yaml'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { areaOf, inputSizeFor, lossFor } from '../../../../src-shared/guided/suggestions.ts'

const QUICK = { optimizer: 'Adam', scheduler: 'adaptive', max_iter: 30 }

/** Text of an experiment on one set, to be changed in the editor; null where the set has nothing to train on. */
export function experimentOn(set: Result<'data.get'>): string | null {
  return set.kind === 'images' ? onImages(set) : onResponses(set)
}

function onImages({ name, parts }: Result<'data.get'>): string | null {
  const train = parts?.find((p) => p.name === 'train')
  if (parts !== undefined && train === undefined) return null
  return stringify(
    {
      name: `${name}, classification`,
      dataset: {
        fn: 'img_loader',
        config: {
          dataset_cls: 'library',
          data_set: name,
          input_size: inputSizeFor(train?.height ?? 0),
          add_corrupted_test: false,
          add_fly_corrupted_test: {},
        },
      },
      model: { fn: 'mtl_builder', config: { v1_model_layer: -1 } },
      trainer: {
        fn: 'cotrainer',
        config: {
          loss_functions: { img_classification: 'CrossEntropyLoss' },
          to_monitor: ['img_classification'],
          ...QUICK,
        },
      },
      seed: 1000,
    },
    { lineWidth: 0 },
  )
}

function onResponses({ name, sessions, options }: Result<'data.get'>): string {
  // Where nobody has said it the text begins with V1; the page of the set asks.
  const area = areaOf((sessions ?? []).slice(0, 1)) ?? 'v1'
  return stringify(
    {
      name: `${name}, ${area.toUpperCase()} alone`,
      dataset: { fn: 'neural_loader', config: { dataset: name, target_types: [area], ...options } },
      model: {
        fn: 'mtl_builder',
        config: {
          classification: false,
          ...(area === 'v4' ? { v1_model_layer: -1, v4_model_layer: 14 } : {}),
        },
      },
      trainer: {
        fn: 'cotrainer',
        config: {
          loss_functions: { [area]: lossFor(sessions ?? []) },
          to_monitor: [area],
          ...QUICK,
        },
      },
      seed: 1000,
    },
    { lineWidth: 0 },
  )
}
