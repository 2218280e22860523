import { component } from '../component.ts'
import { neuralFields } from './neural-fields.ts'
import { checkNeural, neuralApplies, neuralDerive } from './neural-rules.ts'

/** Responses of one area alone. */
export const neuralLoader = component({
  kind: 'dataset',
  fn: 'neural_loader',
  version: 1,
  title: 'Responses',
  help: 'Recorded, predicted or in-silico responses of one area, one readout for each session.',
  fields: neuralFields,
  tasks: (c) => c.target_types,
  derive: neuralDerive,
  applies: neuralApplies,
  check: checkNeural,
})
