import type { ParamSpec } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import { buffer } from '../base/param-spec.ts'
import { LAPLACIAN } from './laplace.ts'

/** The Laplacian as the buffer that published cores carry, so that their state dicts load strictly. */
export function laplaceFilter(place: Place): ParamSpec {
  const torch = place.torch.replace(/features$/, '_input_weights_regularizer.laplace')
  return buffer({ ...place, torch }, 'laplace', {
    shape: [3, 3],
    init: { kind: 'values', values: Float32Array.from(LAPLACIAN) },
    role: 'statistic',
    layout: { kind: 'reshape', shape: [1, 1, 3, 3] },
    torchLeaf: 'filter',
  })
}
