import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { div, mean, mul, square, sum, tensor4d } from '@tensorflow/tfjs-core'
import { applyStencil, magnitude } from '../../tensor/index.ts'

/** Smoothness penalties of input filters, by their published names. */
export const INPUT_REGULARISERS = [
  'LaplaceL2norm',
  'LaplaceL2',
  'LaplaceL1',
  'GaussianLaplaceL2',
  'GaussianLaplaceL2Adaptive',
] as const
export type InputRegulariser = (typeof INPUT_REGULARISERS)[number]

export interface LaplaceOptions {
  readonly kind: InputRegulariser
  /** Zeros around each filter before the Laplacian; null: 1. */
  readonly padding: number | null
  /** Mean instead of sum. */
  readonly average: boolean
  /** GaussianLaplaceL2: side of the filters; the Gaussian's width is a quarter of it. */
  readonly kernel?: number
  /** GaussianLaplaceL2Adaptive: width of the Gaussian in cells. */
  readonly sigma?: number
}

/** The discrete Laplacian that is convolved with each filter. */
export const LAPLACIAN: readonly number[] = [0, -1, 0, -1, 4, -1, 0, -1, 0]
const STENCIL = { side: 3, values: LAPLACIAN }

/** Roughness of the filters [k, k, in, out] of a layer. [] */
export function laplacePenalty(weight: Tensor4D, o: LaplaceOptions): Scalar {
  const rough = applyStencil(weight, STENCIL, o.padding ?? 1)
  const reduce = (x: Tensor): Scalar => (o.average ? mean<Scalar>(x) : sum<Scalar>(x))
  switch (o.kind) {
    case 'LaplaceL1':
      return reduce(magnitude(rough))
    case 'LaplaceL2':
      return mul(reduce(square(rough)), 0.5)
    case 'LaplaceL2norm':
      return div(reduce(square(rough)), reduce(square(weight)))
    case 'GaussianLaplaceL2':
    case 'GaussianLaplaceL2Adaptive': {
      const side = o.kernel ?? weight.shape[0]
      const width = o.kind === 'GaussianLaplaceL2' ? side / 4 : (o.sigma ?? side / 4)
      return div(reduce(square(mul(rough, rim(rough.shape[0], width)))), reduce(square(weight)))
    }
  }
}

/** 1 minus a centred Gaussian that is scaled to reach from 0 to 1: the rim counts most. [size, size, 1, 1] */
function rim(size: number, width: number): Tensor4D {
  const centre = (size - 1) / 2
  const values = Array.from({ length: size * size }, (_, i) => {
    const [y, x] = [Math.floor(i / size) - centre, (i % size) - centre]
    return Math.exp(-(y * y + x * x) / (2 * width * width))
  })
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return tensor4d(
    values.map((v) => 1 - (v - low) / (high - low)),
    [size, size, 1, 1],
  )
}
