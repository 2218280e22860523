import type {
  NeuralCnnConfig,
  SeCoreFactorizedConfig,
  SeCoreFullGaussConfig,
  SeCoreGaussConfig,
  SeCorePointConfig,
  StackedCoreGaussConfig,
  VggCoreFullGaussConfig,
  VggCoreGaussConfig,
} from '../../../../src-shared/schema/model/nnvision.ts'
import type { Model } from '../../types.ts'
import type { Core } from '../cores/core.ts'
import { stacked2dCore } from '../cores/stacked2d.ts'
import type { StackedCoreOptions } from '../cores/stacked-options.ts'
import { transferCore } from '../cores/transfer.ts'
import { rateEncoder } from '../encoders/rate.ts'
import { neuralModel } from '../networks/neural-model.ts'
import { factorized2d } from '../readouts/factorized2d.ts'
import { gaussian2d } from '../readouts/gaussian2d.ts'
import { pointPooled2d } from '../readouts/point-pooled2d.ts'
import type { ModelShapes } from '../base/shape.ts'
import { vggBackbone } from '../vgg/layout.ts'
import { plainStack, squeezeCore } from './core-config.ts'
import { configuredFullGauss } from './full-gauss-config.ts'
import type { SessionPlan } from './neural-sites.ts'
import { neuralInput, sessionParts } from './neural-sites.ts'

const CORE = { name: 'core.features', torch: 'core.features', block: 'core' }

const stacked = (shapes: ModelShapes, options: StackedCoreOptions): Core =>
  stacked2dCore(CORE, neuralInput(shapes), options)

function vggCore(c: VggCoreGaussConfig | VggCoreFullGaussConfig, shapes: ModelShapes): Core {
  return transferCore(CORE, neuralInput(shapes), {
    backbone: vggBackbone(c.vgg_type),
    layers: c.model_layer,
    fineTune: c.fine_tune,
    finalBatchNorm: c.final_batchnorm,
    finalNonlinearity: c.final_nonlinearity,
    momentum: c.momentum,
  })
}

interface ResponseConfig {
  readonly bias_init: 'training_set' | 'first_batch'
  readonly elu_offset: number
}

type MakeReadout = SessionPlan['readout']

const assemble = (c: ResponseConfig, shapes: ModelShapes, core: Core, readout: MakeReadout): Model =>
  neuralModel({
    core,
    sessions: sessionParts(shapes, core.output, {
      biasInit: c.bias_init,
      encoder: rateEncoder('elu', c.elu_offset),
      readout,
    }),
    aliases: {},
  })

interface GaussConfig {
  readonly init_mu_range: number
  readonly init_sigma_range: number
  readonly readout_bias: boolean
  readonly gamma_readout: number
}

const gauss =
  (c: GaussConfig): MakeReadout =>
  (site) =>
    gaussian2d(site, {
      initMuRange: c.init_mu_range,
      initSigmaRange: c.init_sigma_range,
      bias: c.readout_bias,
      gamma: c.gamma_readout,
    })

const point =
  (c: SeCorePointConfig | NeuralCnnConfig): MakeReadout =>
  (site) =>
    pointPooled2d(site, {
      initRange: c.init_range,
      poolSteps: c.pool_steps,
      poolKernel: c.pool_kern,
      bias: c.readout_bias,
      gamma: c.gamma_readout,
    })

/** Squeeze-excitation core with Gaussian readouts (nnvision `se_core_gauss_readout`). */
export function buildSeCoreGauss(c: SeCoreGaussConfig, shapes: ModelShapes): Model {
  return assemble(c, shapes, stacked(shapes, squeezeCore(c)), gauss(c))
}

/** Squeeze-excitation core with readouts of one point on pooled maps (nnvision `se_core_point_readout`). */
export function buildSeCorePoint(c: SeCorePointConfig, shapes: ModelShapes): Model {
  return assemble(c, shapes, stacked(shapes, squeezeCore(c)), point(c))
}

/** Squeeze-excitation core with Gaussian readouts of full covariance (nnvision `se_core_full_gauss_readout`). */
export function buildSeCoreFullGauss(c: SeCoreFullGaussConfig, shapes: ModelShapes): Model {
  return assemble(c, shapes, stacked(shapes, squeezeCore(c)), (...at) => configuredFullGauss(c, ...at))
}

/**
 * Squeeze-excitation core with a spatial mask and a feature vector per unit (nnvision `se_core_spatialXfeature_readout`).
 */
export function buildSeCoreFactorized(c: SeCoreFactorizedConfig, shapes: ModelShapes): Model {
  return assemble(c, shapes, stacked(shapes, squeezeCore(c)), (site) =>
    factorized2d(site, {
      initNoise: c.init_noise,
      normalize: c.normalize,
      constrainPositive: c.constrain_pos,
      positiveSpatial: c.positive_spatial,
      positiveWeights: c.positive_weights,
      bias: c.readout_bias,
      gamma: c.gamma_readout,
    }),
  )
}

/** Stacked core of neuralpredictors with Gaussian readouts (nnvision `stacked2d_core_gaussian_readout`). */
export function buildStackedCoreGauss(c: StackedCoreGaussConfig, shapes: ModelShapes): Model {
  return assemble(c, shapes, stacked(shapes, plainStack(c)), gauss(c))
}

/** First modules of a VGG with Gaussian readouts (nnvision `vgg_core_gauss_readout`). */
export function buildVggCoreGauss(c: VggCoreGaussConfig, shapes: ModelShapes): Model {
  return assemble(c, shapes, vggCore(c, shapes), gauss(c))
}

/** First modules of a VGG with Gaussian readouts of full covariance (nnvision `vgg_core_full_gauss_readout`). */
export function buildVggCoreFullGauss(c: VggCoreFullGaussConfig, shapes: ModelShapes): Model {
  return assemble(c, shapes, vggCore(c, shapes), (...at) => configuredFullGauss(c, ...at))
}

/** Squeeze-excitation core with point or Gaussian readouts (neural_cotraining `neural_cnn_builder`). */
export function buildNeuralCnn(c: NeuralCnnConfig, shapes: ModelShapes): Model {
  return assemble(
    c,
    shapes,
    stacked(shapes, squeezeCore(c)),
    c.readout_type === 'point' ? point(c) : gauss(c),
  )
}
