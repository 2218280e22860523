import type { z } from 'zod'
import { component } from '../component.ts'
import { boolean, choice } from '../field.ts'
import { behaviourGroups, encoderGroups } from './composed-behaviour.ts'
import { coreGroups, CORES } from './composed-cores.ts'
import { readoutGroups, READOUTS } from './composed-readouts.ts'
import { neuralTasks } from './core-fields.ts'
import { gammaReadout, readoutBias } from './readout-fields.ts'
import { biasInit, intermediateRep } from './vgg-fields.ts'

const is =
  <K extends string>(key: K, value: string) =>
  (c: Readonly<Record<K, string>>): boolean =>
    c[key] === value
const each = <K extends string>(key: K, values: readonly string[]) =>
  Object.fromEntries(values.map((v) => [v, is(key, v)]))
const SEVERAL_NUMBERS: readonly string[] = ['full_gaussian', 'remapped_gaussian']

/** Any core with any readout, gaze shifter, modulator and encoder of neuralpredictors. */
export const composedNeural = component({
  kind: 'model',
  fn: 'composed_neural_model',
  version: 1,
  tasks: neuralTasks,
  title: 'Neural model from parts',
  help: 'Any core with any readout, gaze shifter, behaviour modulator and encoder.',
  fields: {
    core: choice(CORES, {
      default: 'stacked',
      label: 'Core',
      help: 'What turns images into feature maps.',
      group: 'Core',
    }),
    ...coreGroups(),
    readout: choice(READOUTS, {
      default: 'full_gaussian',
      label: 'Readout',
      help: 'How each unit reads the map.',
      group: 'Neural readout',
    }),
    ...readoutGroups(),
    gamma_readout: gammaReadout(0.0076),
    readout_bias: readoutBias(),
    bias_init: biasInit(),
    clone_readout: boolean({
      default: false,
      label: 'One readout for all sessions',
      help: 'The same units in every session: later sessions reuse the readout of the first, with a gain and an offset per unit.',
      group: 'Neural readout',
      advanced: true,
    }),
    ...behaviourGroups(),
    ...encoderGroups(),
    get_intermediate_rep: intermediateRep(),
  },
  applies: {
    ...each('core', CORES),
    ...each('readout', READOUTS),
    bias_init: (c) => c.readout_bias,
    mlp_shifter: is('shifter', 'mlp'),
    affine_shifter: is('shifter', 'static_affine'),
    mlp_modulator: is('modulator', 'mlp'),
    rate: is('encoder', 'rate'),
    gamma: is('encoder', 'gamma'),
    zero_inflated: (c) => c.encoder === 'zig' || c.encoder === 'zil',
    gaussian: is('readout', 'gaussian'),
  },
  check: (c) =>
    c.encoder === 'rate' || SEVERAL_NUMBERS.includes(c.readout)
      ? []
      : [
          {
            code: 'config-invalid',
            path: 'encoder',
            message: `the ${c.readout} readout gives one number per unit, a distribution needs several.`,
            hint: 'Choose the full_gaussian readout, or the rate encoder.',
          },
        ],
})

export type ComposedConfig = Readonly<z.output<typeof composedNeural.schema>>
