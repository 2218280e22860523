import type { z } from 'zod'
import { component } from '../component.ts'
import { boolean, choice, int } from '../field.ts'
import type { CoreDefaults, SqueezeConfig, StackedConfig } from './core-fields.ts'
import { neuralTasks, plainStackFields, squeezeFields, stackedFields } from './core-fields.ts'
import {
  eluOffset,
  factorizedFields,
  fullGaussFields,
  gammaReadout,
  muRange,
  pointFields,
  readoutBias,
  sigmaRange,
} from './readout-fields.ts'
import { biasInit, pretrained, vggType } from './vgg-fields.ts'

/** Defaults of nnvision's builders with a squeeze-excitation core. */
const SE: CoreDefaults = {
  hiddenChannels: 32,
  inputKern: 13,
  hiddenKern: 3,
  gammaInput: 15.5,
  momentum: 0.9,
  padInput: false,
  depthSeparable: false,
  stack: null,
  hiddenDilation: 1,
  inputRegularizer: 'LaplaceL2norm',
  laplacePadding: null,
}

const responses = (offset = 0) => ({
  readout_bias: readoutBias(),
  bias_init: biasInit(),
  elu_offset: eluOffset(offset),
})
const biased = (c: { readonly readout_bias: boolean }): boolean => c.readout_bias
const squeezed = (c: SqueezeConfig): boolean => c.n_se_blocks > 0
const pooled = (c: { readonly pool_steps: number }): boolean => c.pool_steps > 0
const seApplies = {
  bias_init: biased,
  se_reduction: squeezed,
  momentum: (c: StackedConfig) => c.batch_norm === true,
}

/** `se_core_gauss_readout` of nnvision. */
export const seCoreGauss = component({
  kind: 'model',
  fn: 'se_core_gauss_readout',
  version: 1,
  tasks: neuralTasks,
  title: 'Squeeze-excitation core, Gaussian readout',
  help: 'Convolutional core with squeeze-and-excitation blocks and a Gaussian readout per session.',
  fields: {
    ...stackedFields(SE),
    ...squeezeFields(1, 32),
    init_mu_range: muRange(0.2),
    init_sigma_range: sigmaRange(0.5),
    gamma_readout: gammaReadout(4),
    ...responses(),
  },
  applies: seApplies,
})

/** `se_core_point_readout` of nnvision. */
export const seCorePoint = component({
  kind: 'model',
  fn: 'se_core_point_readout',
  version: 1,
  tasks: neuralTasks,
  title: 'Squeeze-excitation core, point readout',
  help: 'Convolutional core with squeeze-and-excitation blocks; each unit reads one point of the map and its average pools.',
  fields: {
    ...stackedFields(SE),
    ...squeezeFields(1, 32),
    ...pointFields(),
    gamma_readout: gammaReadout(4),
    ...responses(),
  },
  applies: { ...seApplies, pool_kern: pooled },
})

/** `se_core_full_gauss_readout` of nnvision. */
export const seCoreFullGauss = component({
  kind: 'model',
  fn: 'se_core_full_gauss_readout',
  version: 1,
  tasks: neuralTasks,
  title: 'Squeeze-excitation core, full Gaussian readout',
  help: 'Convolutional core with squeeze-and-excitation blocks; readouts with full covariance, predicted or shared positions.',
  fields: {
    ...stackedFields(SE),
    ...squeezeFields(1, 32),
    ...fullGaussFields({ mu: 0.2, sigma: 1 }),
    gamma_readout: gammaReadout(4),
    ...responses(),
  },
  applies: seApplies,
})

/** `se_core_spatialXfeature_readout` of nnvision. */
export const seCoreFactorized = component({
  kind: 'model',
  fn: 'se_core_spatialXfeature_readout',
  version: 1,
  tasks: neuralTasks,
  title: 'Squeeze-excitation core, factorised readout',
  help: 'Convolutional core with squeeze-and-excitation blocks; each unit has a spatial mask and a feature vector.',
  fields: {
    ...stackedFields(SE),
    ...squeezeFields(1, 32),
    ...factorizedFields(false),
    gamma_readout: gammaReadout(4),
    ...responses(),
  },
  applies: seApplies,
})

/** `stacked2d_core_gaussian_readout` of nnvision. */
export const stackedCoreGauss = component({
  kind: 'model',
  fn: 'stacked2d_core_gaussian_readout',
  version: 1,
  tasks: neuralTasks,
  title: 'Stacked core, Gaussian readout',
  help: 'Stack of convolutions (Stacked2dCore of neuralpredictors) and a Gaussian readout per session.',
  fields: {
    ...stackedFields({ ...SE, gammaInput: 0.1, padInput: false, inputRegularizer: 'LaplaceL2norm' }),
    ...plainStackFields(),
    init_mu_range: muRange(0.2),
    init_sigma_range: sigmaRange(0.5),
    gamma_readout: gammaReadout(0.1),
    ...responses(),
  },
  applies: {
    bias_init: biased,
    momentum: (c) => c.batch_norm === true,
    gamma_hidden: (c) => !c.depth_separable && !c.attention_conv,
    elu_shift: (c) => c.nonlinearity_type === 'AdaptiveELU' && !c.linear,
    nonlinearity_type: (c) => !c.linear,
  },
  check: (c) =>
    c.depth_separable && c.attention_conv
      ? [
          {
            code: 'config-invalid',
            path: 'attention_conv',
            message: 'depth_separable and attention_conv exclude each other.',
            hint: 'Switch one of them off.',
          },
        ]
      : [],
})

const vggCore = () => ({
  vgg_type: vggType('vgg16'),
  model_layer: int({
    default: 11,
    min: 1,
    max: 60,
    label: 'Layer',
    help: 'Number of VGG modules that are kept.',
    group: 'Core',
  }),
  pretrained: pretrained(),
  fine_tune: boolean({
    default: false,
    label: 'Fine-tune',
    help: 'Train the kept modules; off: they stay as they start.',
    group: 'Core',
  }),
  final_batchnorm: boolean({
    default: true,
    label: 'Final norm',
    help: 'Batch norm behind the kept modules.',
    group: 'Core',
  }),
  final_nonlinearity: boolean({
    default: true,
    label: 'Final ReLU',
    help: 'ReLU behind the kept modules.',
    group: 'Core',
  }),
  momentum: pickMomentum(),
})

const pickMomentum = () => stackedFields({ ...SE, momentum: 0.1 }).momentum

/** `vgg_core_gauss_readout` of nnvision. */
export const vggCoreGauss = component({
  kind: 'model',
  fn: 'vgg_core_gauss_readout',
  version: 1,
  tasks: neuralTasks,
  title: 'VGG core, Gaussian readout',
  help: 'First modules of a (pretrained) VGG with a norm behind them and a Gaussian readout per session.',
  fields: {
    ...vggCore(),
    init_mu_range: muRange(0.4),
    init_sigma_range: sigmaRange(0.6),
    gamma_readout: gammaReadout(0.002),
    ...responses(-1),
  },
  applies: { bias_init: biased, momentum: (c) => c.final_batchnorm },
})

/** `vgg_core_full_gauss_readout` of nnvision. */
export const vggCoreFullGauss = component({
  kind: 'model',
  fn: 'vgg_core_full_gauss_readout',
  version: 1,
  tasks: neuralTasks,
  title: 'VGG core, full Gaussian readout',
  help: 'First modules of a (pretrained) VGG with readouts of full covariance, predicted or shared positions.',
  fields: {
    ...vggCore(),
    ...fullGaussFields({ mu: 0.4, sigma: 0.6 }),
    gamma_readout: gammaReadout(0.002),
    ...responses(-1),
  },
  applies: { bias_init: biased, momentum: (c) => c.final_batchnorm },
})

/** `neural_cnn_builder` of neural_cotraining: a point or Gaussian readout on a squeeze-excitation core, with the paper's options. */
export const neuralCnn = component({
  kind: 'model',
  fn: 'neural_cnn_builder',
  version: 1,
  tasks: neuralTasks,
  title: 'Single-task neural model of the paper',
  help: 'Squeeze-excitation core with the co-training paper’s options and a point or Gaussian readout per session.',
  fields: {
    readout_type: choice(['point', 'gauss'], {
      default: 'point',
      label: 'Readout',
      help: 'Point on pooled maps, or Gaussian.',
      group: 'Neural readout',
    }),
    ...stackedFields({
      ...SE,
      inputKern: 24,
      hiddenKern: 9,
      gammaInput: 10,
      depthSeparable: true,
      stack: -1,
      hiddenDilation: 2,
    }),
    ...squeezeFields(2, 16),
    ...pointFields(),
    init_mu_range: muRange(0.2),
    init_sigma_range: sigmaRange(0.5),
    gamma_readout: gammaReadout(0.5),
    ...responses(),
  },
  derive: {
    hidden_dilation: (c) => (c.readout_type === 'point' ? 2 : 1),
    se_reduction: (c) => (c.readout_type === 'point' ? 16 : 32),
  },
  applies: {
    ...seApplies,
    pool_steps: (c) => c.readout_type === 'point',
    pool_kern: (c) => c.readout_type === 'point' && pooled(c),
    init_range: (c) => c.readout_type === 'point',
    init_mu_range: (c) => c.readout_type === 'gauss',
    init_sigma_range: (c) => c.readout_type === 'gauss',
  },
})

export type SeCoreGaussConfig = Readonly<z.output<typeof seCoreGauss.schema>>
export type SeCorePointConfig = Readonly<z.output<typeof seCorePoint.schema>>
export type SeCoreFullGaussConfig = Readonly<z.output<typeof seCoreFullGauss.schema>>
export type SeCoreFactorizedConfig = Readonly<z.output<typeof seCoreFactorized.schema>>
export type StackedCoreGaussConfig = Readonly<z.output<typeof stackedCoreGauss.schema>>
export type VggCoreGaussConfig = Readonly<z.output<typeof vggCoreGauss.schema>>
export type VggCoreFullGaussConfig = Readonly<z.output<typeof vggCoreFullGauss.schema>>
export type NeuralCnnConfig = Readonly<z.output<typeof neuralCnn.schema>>
