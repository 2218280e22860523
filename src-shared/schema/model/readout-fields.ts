import type { z } from 'zod'
import { boolean, choice, int, number, optionalGroup } from '../field.ts'

const READOUT = 'Neural readout'

export const readoutBias = () =>
  boolean({ default: true, label: 'Readout bias', help: 'One bias per unit.', group: READOUT })

export const eluOffset = (fallback = 0) =>
  number({
    default: fallback,
    label: 'ELU offset',
    help: 'Response = ELU(readout + offset) + 1.',
    group: READOUT,
    advanced: true,
  })

export const gammaReadout = (fallback: number) =>
  number({
    default: fallback,
    min: 0,
    scale: 'log',
    label: 'Readout L1',
    help: 'Weight of the summed absolute readout features; it grows with units and channels.',
    group: READOUT,
    effect: 'penalty',
  })

export const muRange = (fallback: number) =>
  number({
    default: fallback,
    above: 0,
    max: 1,
    label: 'Start range of positions',
    help: 'Positions start uniformly in plus or minus this, in units of half the map.',
    group: READOUT,
  })

export const sigmaRange = (fallback: number) =>
  number({
    default: fallback,
    above: 0,
    label: 'Start range of spreads',
    help: 'Spreads of the positions start uniformly between 0 and this.',
    group: READOUT,
  })

/** Point readout on average-pooled maps. */
export const pointFields = () => ({
  pool_steps: int({
    default: 2,
    min: 0,
    max: 8,
    label: 'Pool steps',
    help: 'Number of coarser maps that are read besides the finest.',
    group: READOUT,
  }),
  pool_kern: int({
    default: 3,
    min: 2,
    max: 16,
    label: 'Pool kernel',
    help: 'Side and step of each average pool.',
    group: READOUT,
  }),
  init_range: number({
    default: 0.2,
    above: 0,
    max: 1,
    label: 'Start range of positions',
    help: 'Positions start uniformly in plus or minus this.',
    group: READOUT,
  }),
})

/** Gaussian readout with full covariance, predicted positions and shared parts. */
export const fullGaussFields = (d: { readonly mu: number; readonly sigma: number }) => ({
  init_mu_range: muRange(d.mu),
  init_sigma: number({
    default: d.sigma,
    above: 0,
    label: 'Start of spreads',
    help: 'First spread; with a full covariance entries start uniformly in plus or minus this.',
    group: READOUT,
  }),
  gauss_type: choice(['full', 'uncorrelated', 'isotropic'], {
    default: 'full',
    label: 'Covariance',
    help: 'Free 2 x 2 matrix, a width for x and y, or one width.',
    group: READOUT,
  }),
  grid_mean_predictor: optionalGroup(
    {
      hidden_layers: int({
        default: 0,
        min: 0,
        max: 4,
        label: 'Hidden layers',
        help: 'Hidden layers of the predictor.',
      }),
      hidden_features: int({
        default: 20,
        min: 1,
        label: 'Hidden units',
        help: 'Units of each hidden layer.',
      }),
      final_tanh: boolean({
        default: false,
        label: 'Final tanh',
        help: 'Keeps predicted positions in the map.',
      }),
    },
    {
      label: 'Position predictor',
      help: 'Predict positions from cortical coordinates instead of learning one per unit.',
      group: READOUT,
    },
  ),
  share_features: boolean({
    default: false,
    label: 'Share features',
    help: 'Matched units share their features across sessions.',
    group: READOUT,
    advanced: true,
  }),
  share_grid: boolean({
    default: false,
    label: 'Share positions',
    help: 'Matched units share their positions across sessions, up to a linear map.',
    group: READOUT,
    advanced: true,
  }),
})

/** Spatial mask times feature vector. */
export const factorizedFields = (normalize = true) => ({
  init_noise: number({
    default: 1e-3,
    above: 0,
    scale: 'log',
    label: 'Start noise',
    help: 'Standard deviation of the first masks and features.',
    group: READOUT,
  }),
  normalize: boolean({
    default: normalize,
    label: 'Normalise masks',
    help: 'Divide each spatial mask by its norm.',
    group: READOUT,
  }),
  constrain_pos: boolean({
    default: false,
    label: 'Keep all positive',
    help: 'Masks and features stay at or above 0.',
    group: READOUT,
    advanced: true,
  }),
  positive_spatial: boolean({
    default: false,
    label: 'Absolute masks',
    help: 'Use the absolute values of the masks.',
    group: READOUT,
    advanced: true,
  }),
  positive_weights: boolean({
    default: false,
    label: 'Keep features positive',
    help: 'Features stay at or above 0.',
    group: READOUT,
    advanced: true,
  }),
})

export type FullGaussFields = z.output<z.ZodObject<ReturnType<typeof fullGaussFields>>>
