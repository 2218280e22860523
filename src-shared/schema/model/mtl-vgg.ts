import type { z } from 'zod'
import { component } from '../component.ts'
import { boolean, group, int, number } from '../field.ts'
import { publishedSharedFields, publishedStartProblems } from './published-fields.ts'
import {
  biasInit,
  inputSize,
  intermediateRep,
  numClasses,
  pretrained,
  readoutDropout,
  readoutHidden,
  readoutKind,
  vggType,
  width,
} from './vgg-fields.ts'

const SHARED = 'Shared block'
const NEURAL = 'Neural readout'

interface Areas {
  readonly v1_model_layer: number
  readonly v4_model_layer: number
}
const hasArea = (c: Areas): boolean => c.v1_model_layer > 0 || c.v4_model_layer > 0
const classifies = (c: { readonly classification: boolean }): boolean => c.classification

/** `mtl_builder`: the shared network of the co-training paper. Options named `v1_` hold for V4 too, as published. */
export const mtlVgg = component({
  kind: 'model',
  fn: 'mtl_builder',
  version: 1,
  tasks: (c) => [
    ...(c.v1_model_layer > 0 ? ['v1'] : []),
    ...(c.v4_model_layer > 0 ? ['v4'] : []),
    ...(classifies(c) ? ['img_classification'] : []),
  ],
  title: 'Shared VGG for co-training',
  help: 'VGG features shared by image classification and Gaussian readouts of V1 and V4 sessions.',
  fields: {
    vgg_type: vggType(),
    width: width(),
    pretrained: pretrained(),
    input_size: inputSize(),
    v1_model_layer: int({
      default: 17,
      max: 60,
      label: 'V1 layer',
      help: 'Number of modules (convolution, norm, ReLU, pool count one each) that V1 reads through; 0 or less: no V1.',
      group: SHARED,
    }),
    v4_model_layer: int({
      default: -1,
      max: 60,
      label: 'V4 layer',
      help: 'Number of modules that V4 reads through, more than for V1; 0 or less: no V4.',
      group: SHARED,
    }),
    v1_fine_tune: boolean({
      default: true,
      label: 'Train the shared block',
      help: 'Off: the parameters of the V1 and V4 blocks are frozen; their batch-norm statistics still follow the data.',
      group: SHARED,
    }),
    v1_bias: boolean({
      default: true,
      label: 'Bias of the last shared layer',
      help: 'Read for published configs: off sets that bias to zero at the start, where all biases of this network start anyway.',
      group: SHARED,
      advanced: true,
      effect: 'none',
    }),
    v1_final_batchnorm: boolean({
      default: false,
      label: 'Norm before the neural readouts',
      help: 'Batch norm and ReLU between a shared block and its neural readouts; classification does not see it.',
      group: SHARED,
      advanced: true,
    }),
    add_dropout: group(
      {
        shared_block: number({
          default: 0,
          min: 0,
          max: 0.95,
          label: 'Shared blocks',
          help: 'Rate behind every ReLU.',
        }),
        unshared_block: number({
          default: 0,
          min: 0,
          max: 0.95,
          label: 'Unshared block',
          help: 'Rate behind every ReLU.',
        }),
      },
      {
        label: 'Dropout in the core',
        help: 'Dropout behind every ReLU of a block; 0: none is inserted.',
        group: SHARED,
      },
    ),
    v1_init_mu_range: number({
      default: 0.3,
      above: 0,
      max: 1,
      label: 'Start range of positions',
      help: 'Readout positions start uniformly in plus or minus this, in units of half the map.',
      group: NEURAL,
    }),
    v1_init_sigma_range: number({
      default: 0.6,
      above: 0,
      label: 'Start range of spreads',
      help: 'Spreads of the readout positions start uniformly between 0 and this.',
      group: NEURAL,
    }),
    v1_readout_bias: boolean({
      default: true,
      label: 'Readout bias',
      help: 'One bias per unit.',
      group: NEURAL,
    }),
    bias_init: biasInit(),
    v1_gamma_readout: number({
      default: 0.5,
      min: 0,
      label: 'Readout L1',
      help: 'Weight of the summed absolute readout features. It grows with units and channels; used when the trainer regularises.',
      group: NEURAL,
      scale: 'log',
      effect: 'penalty',
    }),
    v1_elu_offset: number({
      default: -1,
      label: 'ELU offset',
      help: 'Response = ELU(readout + offset) + 1; with -1 linear above 1 and always positive.',
      group: NEURAL,
      advanced: true,
    }),
    classification: boolean({
      default: true,
      label: 'Classification',
      help: 'Build the unshared block and the classification readout.',
      group: 'Classification readout',
    }),
    classification_readout_type: readoutKind(),
    readout_hidden: readoutHidden(),
    readout_dropout: readoutDropout(),
    num_classes: numClasses(),
    get_intermediate_rep: intermediateRep(),
    ...publishedSharedFields,
  },
  applies: {
    classification_readout_type: classifies,
    readout_hidden: classifies,
    readout_dropout: (c) => classifies(c) && c.readout_hidden !== 0,
    num_classes: classifies,
    v1_fine_tune: hasArea,
    v1_bias: hasArea,
    v1_final_batchnorm: hasArea,
    v1_init_mu_range: hasArea,
    v1_init_sigma_range: hasArea,
    v1_readout_bias: hasArea,
    bias_init: (c) => hasArea(c) && c.v1_readout_bias,
    v1_gamma_readout: hasArea,
    v1_elu_offset: hasArea,
  },
  check: (c) => {
    const { v1_model_layer: v1, v4_model_layer: v4 } = c
    if (v1 <= 0 && v4 <= 0 && !classifies(c)) {
      return [
        {
          code: 'config-invalid',
          path: 'classification',
          message: 'the model has neither a neural area nor classification.',
          hint: 'Set v1_model_layer, v4_model_layer or classification.',
        },
      ]
    }
    if (v1 > 0 && v4 > 0 && v4 <= v1) {
      return [
        {
          code: 'config-invalid',
          path: 'v4_model_layer',
          message: `expected more than v1_model_layer (${v1}), got ${v4}.`,
          hint: 'V4 reads a later layer than V1.',
        },
      ]
    }
    return publishedStartProblems(c)
  },
})

export type MtlVggConfig = Readonly<z.output<typeof mtlVgg.schema>>
