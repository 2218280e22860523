import { boolean, choice, group, int, number } from '../field.ts'
import { factorizedFields, fullGaussFields, muRange, pointFields, sigmaRange } from './readout-fields.ts'

export const READOUTS = [
  'full_gaussian',
  'gaussian',
  'point_pooled',
  'factorized',
  'remapped_gaussian',
  'attention',
  'deterministic_gaussian',
  'point_pyramid',
  'ultra_sparse',
] as const
const gaussFields = () => fullGaussFields({ mu: 0.3, sigma: 0.1 })
const positive = () =>
  boolean({ default: false, label: 'Keep features positive', help: 'Features stay at or above 0.' })
const noise = () =>
  number({
    default: 1e-3,
    above: 0,
    scale: 'log',
    label: 'Start noise',
    help: 'Standard deviation of the first features.',
  })

const remappedFields = () => ({
  ...gaussFields(),
  remap_layers: int({
    default: 2,
    min: 1,
    max: 4,
    label: 'Remapping layers',
    help: 'Layers of the network that moves positions.',
  }),
  remap_kernel: choice(['1', '3'], {
    default: '3',
    label: 'Remapping kernel',
    help: 'Side of its filters.',
  }),
  max_remap_amplitude: number({
    default: 0.2,
    above: 0,
    max: 2,
    label: 'Remapping amplitude',
    help: 'Largest move, in units of half the map.',
  }),
})

const attentionFields = () => ({
  init_noise: noise(),
  attention_layers: int({
    default: 1,
    min: 1,
    max: 4,
    label: 'Attention layers',
    help: 'Layers of the network that makes the masks.',
  }),
  attention_kernel: choice(['1', '3'], {
    default: '1',
    label: 'Attention kernel',
    help: 'Side of its filters.',
  }),
})

const maskFields = () => ({
  init_mu_range: muRange(0.1),
  init_sigma: number({
    default: 1,
    above: 0,
    label: 'Start width',
    help: 'First width of the masks, in units of half the map.',
  }),
  positive: positive(),
})

const pyramidFields = () => ({
  init_range: number({
    default: 0.1,
    above: 0,
    max: 1,
    label: 'Start range of positions',
    help: 'Positions start uniformly in plus or minus this.',
  }),
  scale_n: int({ default: 4, min: 1, max: 8, label: 'Levels', help: 'Band-pass levels of the pyramid.' }),
  downsample: boolean({
    default: true,
    label: 'Halve each level',
    help: 'Each level has half the size of the one before.',
  }),
  type: choice(['gauss5x5', 'gauss3x3', 'laplace5x5'], {
    default: 'gauss5x5',
    label: 'Filter',
    help: 'Smoothing filter of the pyramid.',
  }),
  positive: positive(),
})

const ultraSparseFields = () => ({
  init_mu_range: muRange(0.3),
  init_sigma_range: sigmaRange(0.1),
  num_filters: int({
    default: 1,
    min: 1,
    max: 64,
    label: 'Points',
    help: 'Points in (x, y, channel) that each unit reads.',
  }),
  shared_mean: boolean({
    default: false,
    label: 'One place',
    help: 'All points of a unit share their place in the image.',
  }),
  fixed_sigma: boolean({
    default: false,
    label: 'Equal spreads',
    help: 'Start all spreads at the range instead of drawing them.',
  }),
})

/** One group of options per readout. */
export const readoutGroups = () => ({
  full_gaussian: group(gaussFields(), {
    label: 'Full Gaussian',
    help: 'Position with full covariance, predicted or shared.',
  }),
  gaussian: group(
    { init_mu_range: muRange(0.3), init_sigma_range: sigmaRange(0.1) },
    { label: 'Gaussian', help: 'Position with a width along each axis.' },
  ),
  point_pooled: group(pointFields(), {
    label: 'Pooled point',
    help: 'One point of the map and of its average pools.',
  }),
  factorized: group(factorizedFields(), { label: 'Factorised', help: 'Spatial mask times feature vector.' }),
  remapped_gaussian: group(remappedFields(), {
    label: 'Remapped Gaussian',
    help: 'Full Gaussian whose positions move with the image.',
  }),
  attention: group(attentionFields(), { label: 'Attention', help: 'Masks that depend on the image.' }),
  deterministic_gaussian: group(maskFields(), {
    label: 'Gaussian mask',
    help: 'Normalised Gaussian mask of learned width.',
  }),
  point_pyramid: group(pyramidFields(), {
    label: 'Pyramid',
    help: 'One point on each level of a Laplacian pyramid.',
  }),
  ultra_sparse: group(ultraSparseFields(), {
    label: 'Ultra-sparse',
    help: 'A few single points of the feature volume.',
  }),
})
