import { join } from 'node:path'
import type { RecipeDeps } from '../../src-main/runs/create/recipe-plan.ts'
import { sha256 } from '../../src-main/disk/sha256.ts'
import { fakeDescription } from './fake-engine.ts'
import type { Lab } from './lab.ts'

const trainer = { fn: 'cotrainer', config: { to_monitor: ['img_classification'] } }
const pictures = { dataset: { fn: 'img_loader' }, model: { fn: 'mtl_builder' }, trainer }
const v1 = {
  dataset: { fn: 'neural_loader', config: { dataset: 'in_silico' } },
  model: { fn: 'mtl_builder', config: { classification: false, v1_model_layer: 8 } },
  trainer: { fn: 'cotrainer', config: { loss_functions: { v1: 'PoissonLoss' }, to_monitor: ['v1'] } },
}
const joint = {
  dataset: {
    fn: 'mtl_loader',
    config: { v1_dataset_dict: { dataset: { from: { step: 'v1-model', use: 'best-of-seeds' } } } },
  },
  model: { fn: 'mtl_builder', config: { v1_model_layer: 8 } },
  trainer: {
    fn: 'cotrainer',
    config: { loss_functions: { v1: 'MSELoss', img_classification: 'CrossEntropyLoss' } },
  },
}

/** Three steps in a row, and one beside: responses of the best of two V1 models, co-training on them, tuning from its weights. */
export const CHAIN = {
  name: 'Chain',
  question: 'Does the chain hold?',
  seeds: [1, 2],
  compareTo: 'Baseline',
  steps: {
    'v1-model': { title: 'V1 model', baseline: v1, seeds: [1, 2] },
    main: {
      title: 'Co-training',
      baseline: joint,
      list: [{ label: 'Baseline', from: pictures }, { label: 'MTL' }],
    },
    tuned: {
      title: 'Tuned',
      baseline: {
        ...pictures,
        parent: { from: { step: 'main', variant: 'MTL', use: 'weights' } },
      },
    },
  },
}

/** The data of a config are told apart by what they are read from, as they are for real. */
export const depsOf = ({ create, home }: Lab): RecipeDeps => ({
  ...create,
  presets: join(import.meta.dirname, '../../configs'),
  folder: home,
  describeData: (choice) =>
    Promise.resolve({ ...fakeDescription, fingerprint: sha256(JSON.stringify(choice)) }),
})
