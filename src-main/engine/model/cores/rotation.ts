import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core'
import { add, mean, mul, reshape, scalar, sqrt, square, sum } from '@tensorflow/tfjs-core'
import type { ParamMap } from '../../types.ts'
import { chain } from '../layers/chain.ts'
import type { Layer } from '../layers/layer.ts'
import type { EluShift, Nonlinearity } from '../layers/nonlinearity.ts'
import { nonlinearity } from '../layers/nonlinearity.ts'
import type { NormOptions } from '../layers/norm.ts'
import { normLayer } from '../layers/norm.ts'
import { pointwiseLayer } from '../layers/pointwise.ts'
import type { Place } from '../base/param-spec.ts'
import { within } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import type { Core } from './core.ts'
import type { HermiteConvLayer } from './hermite-conv.ts'
import { hermiteConvLayer } from './hermite-conv.ts'
import type { InputRegulariser } from './laplace.ts'
import { laplacePenalty } from './laplace.ts'
import { laplaceFilter } from './laplace-filter.ts'
import type { StackLayer } from './stack.ts'
import { stackCore } from './stack.ts'
import type { PerLayer, StackedCoreOptions } from './stacked-options.ts'
import { atLayer, stackedLayers } from './stacked-options.ts'

export interface RotationCoreOptions {
  /** Feature maps per orientation. */
  readonly hiddenChannels: PerLayer<number>
  readonly inputKernel: number
  readonly hiddenKernel: PerLayer<number>
  readonly layers: number
  readonly rotations: number
  readonly upsampling: number
  readonly stride: number
  readonly initStd: number
  readonly padInput: boolean
  readonly batchNorm: boolean
  readonly momentum: number
  readonly finalNonlinearity: boolean
  readonly linear: boolean
  readonly nonlinearity: Nonlinearity
  readonly eluShift: EluShift
  readonly stack: StackedCoreOptions['stack']
  readonly gammaInput: number
  readonly gammaHidden: number
  readonly inputRegulariser: InputRegulariser
  readonly laplacePadding: number | null
  readonly averageRegulariser: boolean
}

/** Rotation-equivariant core (`RotationEquivariant2dCore` of neuralpredictors, Ecker et al. 2019): every filter in all orientations. */
export function rotationCore(place: Place, input: Shape3, o: RotationCoreOptions): Core {
  const filters: HermiteConvLayer[] = []
  const layers: StackLayer[] = []
  for (let l = 0; l < o.layers; l++) {
    const from = layers.at(-1)?.output ?? input
    const built = rotationLayer(within(place, `layer${l}`), from, l, o)
    filters.push(built.filter)
    layers.push({
      chain: chain(built.layers),
      output: built.layers.at(-1)?.output ?? from,
      reads: Math.min(1, l),
    })
  }
  return stackCore(place, layers, {
    stack: stackedLayers(o.stack, o.layers),
    sequential: true,
    extraSpecs: [laplaceFilter(place)],
    penalty: (params) =>
      add(
        mul(smoothness(filters, params, o), o.gammaInput),
        mul(sparsity(filters, params, o), o.gammaHidden),
      ),
  })
}

function rotationLayer(place: Place, input: Shape3, l: number, o: RotationCoreOptions) {
  const kernel = l === 0 ? o.inputKernel : atLayer(o.hiddenKernel, l, 1)
  const channels = atLayer(o.hiddenChannels, l)
  const filter = hermiteConvLayer(within(place, 'hermite_conv'), {
    input,
    channels,
    kernel,
    stride: o.stride,
    pad: l > 0 || o.padInput ? Math.floor(kernel / 2) : 0,
    rotations: o.rotations,
    upsampling: o.upsampling,
    first: l === 0,
    initStd: o.initStd,
  })
  const layers: Layer[] = [filter]
  const output = filter.output
  if (o.batchNorm)
    layers.push(rotationNorm(within(place, 'norm.batch_norm'), output, channels, { momentum: o.momentum }))
  if (!o.linear && (l < o.layers - 1 || o.finalNonlinearity)) {
    layers.push(
      pointwiseLayer(
        within(place, 'nonlin'),
        o.nonlinearity,
        output,
        nonlinearity(o.nonlinearity, o.eluShift),
      ),
    )
  }
  return { filter, layers }
}

/** One norm for all orientations of a feature: statistics over batch, space and orientation. */
function rotationNorm(place: Place, map: Shape3, channels: number, o: Omit<NormOptions, 'input'>): Layer {
  const { norm: _fused, ...inner } = normLayer(place, { ...o, input: { ...map, channels } })
  return {
    ...inner,
    output: map,
    apply: (x, params, context) => {
      const [batch, height, width, all] = x.shape
      const folded: Tensor4D = reshape(x, [batch, height, width * (all / channels), channels]) // orientations beside columns
      return reshape(inner.apply(folded, params, context), x.shape)
    },
  }
}

function smoothness(filters: readonly HermiteConvLayer[], params: ParamMap, o: RotationCoreOptions): Scalar {
  const [first] = filters
  if (first === undefined || o.gammaInput === 0) return scalar(0)
  return laplacePenalty(first.kernels(params), {
    kind: o.inputRegulariser,
    padding: o.laplacePadding,
    average: o.averageRegulariser,
    kernel: o.inputKernel,
  })
}

/** Mean over hidden layers of the mean norm of their filters. */
function sparsity(filters: readonly HermiteConvLayer[], params: ParamMap, o: RotationCoreOptions): Scalar {
  const hidden = filters.slice(1)
  if (hidden.length === 0 || o.gammaHidden === 0) return scalar(0)
  const norms = hidden.map((f) => mean<Scalar>(sqrt(sum(square(f.kernels(params)), [0, 1]))))
  return mul(
    norms.reduce((a, b) => add(a, b)),
    1 / norms.length,
  )
}
