import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core'
import { add, addN, mean, mul, scalar, sqrt, square, sum } from '@tensorflow/tfjs-core'
import type { ParamMap, ParamSpec } from '../../types.ts'
import { chain } from '../layers/chain.ts'
import type { Place } from '../base/param-spec.ts'
import { valueOf, within } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import type { Core } from './core.ts'
import { laplacePenalty } from './laplace.ts'
import { laplaceFilter } from './laplace-filter.ts'
import type { StackLayer } from './stack.ts'
import { stackCore, stackedShape } from './stack.ts'
import { stackedLayer } from './stacked-layer.ts'
import type { StackedCoreOptions } from './stacked-options.ts'
import { stackedLayers } from './stacked-options.ts'

/**
 * Stack of convolutions with norm and nonlinearity (`Stacked2dCore`; with squeeze-and-excitation blocks `SE2dCore`).
 * The output concatenates the stacked layers along channels, in their order.
 */
export function stacked2dCore(place: Place, input: Shape3, o: StackedCoreOptions): Core {
  const layers = buildLayers(place, input, o)
  const regularised = regulariser(place, layers, o)
  return stackCore(place, layers, {
    stack: stackedLayers(o.stack, o.layers),
    sequential: o.skip <= 1,
    extraSpecs: [regularised.filter],
    penalty: (params) =>
      add(mul(regularised.laplace(params), o.gammaInput), mul(regularised.sparsity(params), o.gammaHidden)),
  })
}

function buildLayers(place: Place, input: Shape3, o: StackedCoreOptions): readonly StackLayer[] {
  const built: StackLayer[] = []
  for (let l = 0; l < o.layers; l++) {
    const reads = o.skip > 1 ? Math.min(o.skip, l) : Math.min(1, l)
    const from =
      l === 0
        ? input
        : stackedShape(
            built.map((b) => b.output),
            built.map((_, i) => i).slice(-reads),
          )
    const layers = stackedLayer(within(place, `layer${l}`), from, l, o)
    built.push({ chain: chain(layers), output: layers.at(-1)?.output ?? from, reads })
  }
  return built
}

function regulariser(place: Place, layers: readonly StackLayer[], o: StackedCoreOptions) {
  const weight = convWeight(layers[0])
  const hidden = o.depthSeparable || o.attentionConv ? [] : layers.slice(1).map(convWeight)
  const laplace = {
    kind: o.inputRegulariser,
    padding: o.laplacePadding,
    average: o.averageRegulariser,
    kernel: o.inputKernel,
  }
  const filter = laplaceFilter(place)
  return {
    filter,
    laplace: (params: ParamMap): Scalar =>
      o.gammaInput === 0 ? scalar(0) : laplacePenalty(valueOf<Tensor4D>(params, weight.name), laplace),
    sparsity: (params: ParamMap): Scalar =>
      hidden.length === 0 || o.gammaHidden === 0 ? scalar(0) : groupSparsity(hidden, params),
  }
}

function convWeight(layer: StackLayer | undefined): ParamSpec {
  const spec = layer?.chain.layers[0]?.specs[0]
  if (spec === undefined) throw new RangeError('a layer has no weight')
  return spec
}

/** Mean over layers of the mean norm of each filter. [] */
function groupSparsity(weights: readonly ParamSpec[], params: ParamMap): Scalar {
  const norms = weights.map((spec) => {
    const squares = sum(square(valueOf<Tensor4D>(params, spec.name)), [0, 1])
    return mean<Scalar>(sqrt(squares))
  })
  return mul(addN(norms), 1 / norms.length)
}
