import { factorized2d } from '../../src-main/engine/model/readouts/factorized2d.ts'
import type { GaussType } from '../../src-main/engine/model/readouts/full-gaussian2d.ts'
import { fullGaussian2d } from '../../src-main/engine/model/readouts/full-gaussian2d.ts'
import { gaussian2d } from '../../src-main/engine/model/readouts/gaussian2d.ts'
import { pointPooled2d } from '../../src-main/engine/model/readouts/point-pooled2d.ts'
import type { Readout, ReadoutSite, Reduction } from '../../src-main/engine/model/readouts/readout.ts'
import { caseOptions, type CaseOptions, type PlainOptions } from './case-options.ts'
import { notComparable } from './golden-case.ts'

/** Options that say how a case is called, or where given parameters would start. */
const NOT_BUILT = [
  ...['shift', 'out_idx', 'in_shape', 'outdims', 'mean_activity', 'return_weighted_features'],
  ...['init_mu_range', 'init_sigma_range', 'init_sigma', 'init_range', 'init_noise', 'fixed_sigma'],
]

interface Common {
  readonly bias: boolean
  readonly gamma: number
  readonly reduction: Reduction
}

type Build = (site: ReadoutSite, o: CaseOptions, common: Common) => Readout

const sampled = (o: CaseOptions) => ({
  batchSample: o.flag('batch_sample', true),
  alignCorners: o.flag('align_corners', true),
})

/** A number that the published class has no default for. */
function needed(o: CaseOptions, key: string): number {
  const value = o.number(key, NaN)
  return Number.isNaN(value) ? notComparable(`${key} has no default, and the file does not state it`) : value
}

/** The published classes by name, each with the defaults of neuralpredictors. */
const READOUTS: Readonly<Record<string, Build>> = {
  Gaussian2d: (site, o, common) =>
    gaussian2d(site, { ...common, ...sampled(o), initMuRange: 0.5, initSigmaRange: 0.5 }),
  FullGaussian2d: (site, o, common) =>
    fullGaussian2d(site, {
      ...common,
      ...sampled(o),
      initMuRange: 0.1,
      initSigma: 1,
      gaussType: gaussType(o.text('gauss_type', 'full')),
    }),
  PointPooled2d: (site, o, common) => {
    const poolSteps = needed(o, 'pool_steps')
    return pointPooled2d(site, {
      ...common,
      initRange: 0.1,
      poolSteps,
      poolKernel: poolSteps === 0 ? o.number('pool_kern', 2) : needed(o, 'pool_kern'),
      alignCorners: o.flag('align_corners', true),
    })
  },
  FullFactorized2d: (site, o, common) =>
    factorized2d(site, {
      ...common,
      initNoise: 1e-3,
      normalize: o.flag('normalize', true),
      constrainPositive: o.flag('constrain_pos', false),
      positiveSpatial: o.flag('positive_spatial', false),
      positiveWeights: neverApplied(o),
    }),
}

/** The published forward pass never reads this option, whereas ours keeps the features positive. */
function neverApplied(o: CaseOptions): false {
  if (o.flag('positive_weights', false))
    notComparable('the published forward pass does not apply positive_weights, the product does')
  return false
}

const TYPES: readonly GaussType[] = ['full', 'uncorrelated', 'isotropic']

const gaussType = (name: string): GaussType =>
  TYPES.find((type) => type === name) ?? notComparable(`no gauss_type ${name} is built here`)

/** Names of the same class. */
const SAME: Readonly<Record<string, string>> = {
  NonIsoGaussian2d: 'Gaussian2d',
  SpatialXFeatureLinear: 'FullFactorized2d',
  FullSXF: 'FullFactorized2d',
}

/** Weight of the regulariser under its names; `gamma_readout` is the old one. */
const weightOf = (o: CaseOptions): number =>
  o.number('spatial_and_feature_reg_weight', o.number('feature_reg_weight', o.number('gamma_readout', 1)))

export interface PublishedReadout {
  /** Published class; a remark may follow the name. */
  readonly name: string
  readonly options: PlainOptions
  /** Whether the stored parameters have a bias: it has no default in the published classes. */
  readonly bias: boolean
}

/** One of our readouts with the options of a case. `gamma` replaces the weight of its regulariser. */
export function publishedReadout(
  { name, options, bias }: PublishedReadout,
  site: ReadoutSite,
  reduction: Reduction,
  gamma?: number,
): Readout {
  const called = name.split(' ')[0] as string
  const build = READOUTS[SAME[called] ?? called] ?? notComparable(`no readout ${called} is driven here`)
  const o = caseOptions(called, options)
  const weight = weightOf(o)
  const readout = build(site, o, { bias: o.flag('bias', bias), gamma: gamma ?? weight, reduction })
  for (const key of NOT_BUILT) o.raw(key)
  o.finish()
  return readout
}
