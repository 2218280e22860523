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

/** The readout that a config chooses; `outputs` numbers per unit where the encoder needs several. */
export function composedReadout(c: ComposedConfig, outputs: number): SessionPlan['readout'] {
  const shared = { bias: c.readout_bias, gamma: c.gamma_readout }
  const full = { gamma_readout: c.gamma_readout, readout_bias: c.readout_bias }
  switch (c.readout) {
    case 'full_gaussian':
      return (...at) => configuredFullGauss({ ...c.full_gaussian, ...full }, ...at, { outputs })
    case 'remapped_gaussian': {
      const { remap_layers, remap_kernel, max_remap_amplitude, ...rest } = c.remapped_gaussian
      const remap = { layers: remap_layers, kernel: Number(remap_kernel), amplitude: max_remap_amplitude }
      return (...at) => configuredFullGauss({ ...rest, ...full }, ...at, { outputs, remap })
    }
    case 'gaussian':
      return (site) => {
        const { init_mu_range, init_sigma_range } = c.gaussian
        return gaussian2d(site, { ...shared, initMuRange: init_mu_range, initSigmaRange: init_sigma_range })
      }
    case 'point_pooled':
      return (site) => {
        const { init_range, pool_steps, pool_kern } = c.point_pooled
        return pointPooled2d(site, {
          ...shared,
          initRange: init_range,
          poolSteps: pool_steps,
          poolKernel: pool_kern,
        })
      }
    case 'factorized':
      return (site) =>
        factorized2d(site, {
          ...shared,
          initNoise: c.factorized.init_noise,
          normalize: c.factorized.normalize,
          constrainPositive: c.factorized.constrain_pos,
          positiveSpatial: c.factorized.positive_spatial,
          positiveWeights: c.factorized.positive_weights,
        })
    case 'attention':
      return (site) =>
        attentionReadout(site, {
          ...shared,
          initNoise: c.attention.init_noise,
          layers: c.attention.attention_layers,
          kernel: Number(c.attention.attention_kernel),
        })
    case 'deterministic_gaussian':
      return (site) => {
        const { init_mu_range, init_sigma, positive } = c.deterministic_gaussian
        return deterministicGaussian2d(site, {
          ...shared,
          initMuRange: init_mu_range,
          initSigma: init_sigma,
          positive,
        })
      }
    case 'point_pyramid':
      return (site) =>
        pointPyramid2d(site, {
          ...shared,
          initRange: c.point_pyramid.init_range,
          scales: c.point_pyramid.scale_n,
          downsample: c.point_pyramid.downsample,
          filter: c.point_pyramid.type,
          positive: c.point_pyramid.positive,
        })
    case 'ultra_sparse':
      return (site) =>
        ultraSparse(site, {
          ...shared,
          initMuRange: c.ultra_sparse.init_mu_range,
          initSigmaRange: c.ultra_sparse.init_sigma_range,
          filters: c.ultra_sparse.num_filters,
          sharedMean: c.ultra_sparse.shared_mean,
          fixedSigma: c.ultra_sparse.fixed_sigma,
        })
  }
}
