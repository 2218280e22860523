import type { ComposedConfig } from '../../../../src-shared/schema/model/composed.ts'
import { attentionReadout } from '../readouts/attention.ts'
import { deterministicGaussian2d } from '../readouts/deterministic-gaussian2d.ts'
import { factorized2d } from '../readouts/factorized2d.ts'
import { gaussian2d } from '../readouts/gaussian2d.ts'
import { pointPooled2d } from '../readouts/point-pooled2d.ts'
import { pointPyramid2d } from '../readouts/point-pyramid2d.ts'
import { ultraSparse } from '../readouts/ultra-sparse.ts'
import { configuredFullGauss } from './full-gauss-config.ts'
import type { SessionPlan } from './neural-sites.ts'

type ReadoutOf = SessionPlan['readout']

/** The readout that a config chooses; `outputs` numbers per unit where the encoder needs several. */
export function composedReadout(c: ComposedConfig, outputs: number): ReadoutOf {
  switch (c.readout) {
    case 'full_gaussian':
      return (...at) => configuredFullGauss({ ...c.full_gaussian, ...ofFullGauss(c) }, ...at, { outputs })
    case 'remapped_gaussian':
      return remappedGaussian(c, outputs)
    case 'gaussian':
      return gaussian(c)
    case 'point_pooled':
      return pointPooled(c)
    case 'factorized':
      return factorized(c)
    case 'attention':
      return attention(c)
    case 'deterministic_gaussian':
      return deterministicGaussian(c)
    case 'point_pyramid':
      return pointPyramid(c)
    case 'ultra_sparse':
      return ultraSparsePoints(c)
  }
}

/** Options that all readouts have. */
const common = (c: ComposedConfig) => ({ bias: c.readout_bias, gamma: c.gamma_readout })
const ofFullGauss = (c: ComposedConfig) => ({
  gamma_readout: c.gamma_readout,
  readout_bias: c.readout_bias,
})

function remappedGaussian(c: ComposedConfig, outputs: number): ReadoutOf {
  const { remap_layers, remap_kernel, max_remap_amplitude, ...rest } = c.remapped_gaussian
  const remap = { layers: remap_layers, kernel: Number(remap_kernel), amplitude: max_remap_amplitude }
  return (...at) => configuredFullGauss({ ...rest, ...ofFullGauss(c) }, ...at, { outputs, remap })
}

function gaussian(c: ComposedConfig): ReadoutOf {
  const { init_mu_range, init_sigma_range } = c.gaussian
  const options = { ...common(c), initMuRange: init_mu_range, initSigmaRange: init_sigma_range }
  return (site) => gaussian2d(site, options)
}

function pointPooled(c: ComposedConfig): ReadoutOf {
  const { init_range, pool_steps, pool_kern } = c.point_pooled
  const options = { ...common(c), initRange: init_range, poolSteps: pool_steps, poolKernel: pool_kern }
  return (site) => pointPooled2d(site, options)
}

function factorized(c: ComposedConfig): ReadoutOf {
  const { init_noise, normalize, constrain_pos, positive_spatial, positive_weights } = c.factorized
  const options = {
    ...common(c),
    initNoise: init_noise,
    normalize,
    constrainPositive: constrain_pos,
    positiveSpatial: positive_spatial,
    positiveWeights: positive_weights,
  }
  return (site) => factorized2d(site, options)
}

function attention(c: ComposedConfig): ReadoutOf {
  const { init_noise, attention_layers, attention_kernel } = c.attention
  const masks = { layers: attention_layers, kernel: Number(attention_kernel) }
  return (site) => attentionReadout(site, { ...common(c), initNoise: init_noise, ...masks })
}

function deterministicGaussian(c: ComposedConfig): ReadoutOf {
  const { init_mu_range, init_sigma, positive } = c.deterministic_gaussian
  const options = { ...common(c), initMuRange: init_mu_range, initSigma: init_sigma, positive }
  return (site) => deterministicGaussian2d(site, options)
}

function pointPyramid(c: ComposedConfig): ReadoutOf {
  const { init_range, scale_n, downsample, type, positive } = c.point_pyramid
  const pyramid = { scales: scale_n, downsample, filter: type }
  return (site) => pointPyramid2d(site, { ...common(c), initRange: init_range, ...pyramid, positive })
}

function ultraSparsePoints(c: ComposedConfig): ReadoutOf {
  const { init_mu_range, init_sigma_range, num_filters, shared_mean, fixed_sigma } = c.ultra_sparse
  const options = {
    ...common(c),
    initMuRange: init_mu_range,
    initSigmaRange: init_sigma_range,
    filters: num_filters,
    sharedMean: shared_mean,
    fixedSigma: fixed_sigma,
  }
  return (site) => ultraSparse(site, options)
}
