import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import { gather, mul, scalar, tensor1d } from '@tensorflow/tfjs-core'
import type { ParamMap, ParamSpec } from '../../types.ts'
import { buffer, constant, parameter, valueOf } from '../base/param-spec.ts'
import { l1 } from './features.ts'
import type { ReadoutSite, Reduction } from './readout.ts'
import type { SharedTensor } from './sharing-index.ts'
import { sharingIndex } from './sharing-index.ts'

/** Where a readout has its channel weights from. */
export interface FeatureSource {
  readonly specs: readonly ParamSpec[]
  /** Another session's tensor -> its name here in the published state dict. */
  readonly borrowed?: ReadonlyMap<string, string>
  /** [channels, units] */
  values(params: ParamMap): Tensor2D
  /** Of the effective weights; 0 where another session owns them. [] */
  l1(params: ParamMap, reduction: Reduction): Scalar
}

const featureSpec = ({ place, input }: ReadoutSite, columns: number): ParamSpec =>
  parameter(place, 'features', {
    shape: [input.channels, columns],
    init: constant(1 / input.channels),
    role: 'features',
    layout: { kind: 'reshape', shape: [1, input.channels, 1, columns] },
    torchLeaf: '_features',
  })

/** Weights of each unit of its own. */
export function ownFeatures(site: ReadoutSite): FeatureSource {
  const features = featureSpec(site, site.units)
  const values = (params: ParamMap): Tensor2D => valueOf<Tensor2D>(params, features.name)
  return { specs: [features], values, l1: (params, reduction) => l1(values(params), reduction) }
}

/** Weights of matched units shared across sessions, with a scale for each unit. */
export function sharedFeatures(site: ReadoutSite, shared: SharedTensor): FeatureSource {
  const { index, count } = sharingIndex(shared.matchIds)
  const owned = shared.owner === null ? featureSpec(site, count) : null
  const source = owned?.name ?? shared.owner! // one of the two is there
  const scales = parameter(site.place, 'scales', {
    shape: [site.units],
    init: constant(1),
    role: 'features',
    layout: { kind: 'reshape', shape: [1, 1, 1, site.units] },
  })
  const lookup = buffer(site.place, 'feature_sharing_index', {
    shape: [site.units],
    init: { kind: 'values', values: Float32Array.from(index) },
    role: 'statistic',
  })
  const values = (params: ParamMap): Tensor2D => {
    const chosen = gather(valueOf<Tensor2D>(params, source), tensor1d(index, 'int32'), 1)
    return mul(chosen, valueOf(params, scales.name))
  }
  return {
    specs: [...(owned === null ? [] : [owned]), scales, lookup],
    ...(owned === null ? { borrowed: new Map([[source, `${site.place.torch}._features`]]) } : {}),
    values,
    l1: (params, reduction) => (owned === null ? scalar(0) : l1(values(params), reduction)),
  }
}
