import { CotrainError } from '../../contract/errors.ts'
import { pyDict, pyFloat, pythonText, type PyValue } from '../../util/upstream-hash.ts'
import type { Default, PublishedClass, Read } from './published-class.ts'

type Defaults = PublishedClass['defaults']

/** nntransfer's ModelConfig. */
const BASE: Defaults = [
  ['dropout', pyFloat(0)],
  ['get_intermediate_rep', pyDict({})],
  ['comment', ''],
]

const CLASSES: Readonly<Record<string, number>> = { TinyImageNet: 200, ImageNet: 1000, V1_ImageNet: 964 }

function classesOf(read: Read): PyValue {
  const name = pythonText(read('dataset_cls'))
  const classes = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined
  if (classes !== undefined) return classes
  throw new CotrainError({
    code: 'config-invalid',
    path: 'model.dataset_cls',
    message: `there is no image set "${name}".`,
    hint: `Use one of ${Object.keys(CLASSES).join(', ')}.`,
  })
}

/**
 * VGG classifier. Its image size and pooling by data set come after plain defaults and therefore never take effect
 * (input_size 64 and avg_pool false unless given).
 */
export const CLASSIFICATION_MODEL_CONFIG: PublishedClass = {
  fn: 'neural_cotraining.models.classification_cnn_builder',
  derived: [],
  defaults: [
    ['type', 'vgg19_bn'],
    ['input_size', 64],
    ['avg_pool', false],
    ['dataset_cls', 'TinyImageNet'],
    ['num_classes', classesOf],
    ['pretrained', false],
    ['readout_type', 'dense'],
    ['input_channels', 3],
    ...BASE,
  ],
}

const forPointReadout =
  (value: PyValue): Default =>
  (read) =>
    read('readout_type') === 'point' ? value : undefined

/** Squeeze-and-excitation core with a point or Gaussian readout (nnvision). */
export const NEURAL_MODEL_CONFIG: PublishedClass = {
  fn: 'neural_cotraining.models.neural_cnn_builder',
  derived: [],
  defaults: [
    ['readout_type', 'point'],
    ['hidden_dilation', forPointReadout(2)],
    ['se_reduction', forPointReadout(16)],
    ['input_kern', 24],
    ['hidden_kern', 9],
    ['depth_separable', true],
    ['stack', -1],
    ['n_se_blocks', 2],
    ['gamma_readout', pyFloat(0.5)],
    ['gamma_input', 10],
    ...BASE,
  ],
}

/** Shared VGG with a V1 and V4 readout and a classification head. */
export const MTL_MODEL_CONFIG: PublishedClass = {
  fn: 'neural_cotraining.models.mtl_builder',
  derived: [],
  defaults: [
    ['vgg_type', 'vgg19_bn'],
    ['classification', false],
    ['classification_readout_type', null],
    ['input_size', null],
    ['num_classes', 200],
    ['pretrained', true],
    ['add_dropout', pyDict({})],
    ['v1_model_layer', 17],
    ['v4_model_layer', -1],
    ['neural_input_channels', 1],
    ['v1_fine_tune', false],
    ['v1_init_mu_range', pyFloat(0.3)],
    ['v1_init_sigma_range', pyFloat(0.6)],
    ['v1_readout_bias', true],
    ['v1_bias', true],
    ['v1_final_batchnorm', false],
    ['v1_gamma_readout', pyFloat(0.5)],
    ['v1_elu_offset', -1],
    ['classification_input_channels', 1],
    ...BASE,
  ],
}
