import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core'
import { add, addN, concat, mean, mul, scalar, sqrt, square, sum } from '@tensorflow/tfjs-core'
import type { ParamMap, ParamSpec } from '../../types.ts'
import type { Chain } from '../layers/chain.ts'
import { chain } from '../layers/chain.ts'
import { take } from '../layers/layer.ts'
import type { Field } from '../layer-table.ts'
import { ONE_PIXEL, rowsOf } from '../layer-table.ts'
import type { Place } from '../param-spec.ts'
import { buffer, valueOf, within } from '../param-spec.ts'
import type { Shape3 } from '../shape.ts'
import type { Core } from './core.ts'
import { LAPLACIAN, laplacePenalty } from './laplace.ts'
import { stackedLayer } from './stacked-layer.ts'
import type { StackedCoreOptions } from './stacked-options.ts'
import { stackedLayers } from './stacked-options.ts'

/**
 * Stack of convolutions with norm and nonlinearity (`Stacked2dCore`; with squeeze-and-excitation blocks `SE2dCore`).
 * The output concatenates the stacked layers along channels, in their order.
 */
export function stacked2dCore(place: Place, input: Shape3, o: StackedCoreOptions): Core {
  const layers = buildLayers(place, input, o)
  const stack = stackedLayers(o.stack, o.layers)
  const outputs = layers.map((l) => l.output)
  const regularised = regulariser(place, layers, o)
  const rows = tabulate(layers, o)
  return {
    specs: [...layers.flatMap((l) => l.chain.layers.flatMap((m) => m.specs)), regularised.filter],
    rows: rows.rows,
    output: stackedShape(outputs, stack),
    ...(stack.length === 1 && rows.field !== undefined ? { field: rows.field } : {}),
    apply: (x, params, context, taken) => {
      const seen: Tensor4D[] = []
      layers.forEach((layer, l) => {
        const given = l === 0 ? x : joined(seen.slice(-layer.reads))
        const y = layer.chain.apply(given, params, context, taken)
        take(taken, context, y, `${place.name}.layer${l}`, `${place.torch}.layer${l}`)
        seen.push(y)
      })
      return joined(stack.map((l) => seen[l] as Tensor4D))
    },
    penalty: (params) =>
      add(mul(regularised.laplace(params), o.gammaInput), mul(regularised.sparsity(params), o.gammaHidden)),
  }
}

interface StackLayer {
  readonly chain: Chain
  readonly output: Shape3
  /** Number of earlier outputs that it reads. */
  readonly reads: number
}

const joined = (maps: readonly Tensor4D[]): Tensor4D =>
  maps.length === 1 ? (maps[0] as Tensor4D) : concat([...maps], 3)

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

function stackedShape(outputs: readonly Shape3[], stack: readonly number[]): Shape3 {
  const shapes = stack.map((l) => {
    const shape = outputs[l]
    if (shape === undefined) throw new RangeError(`the core has ${outputs.length} layers, none numbered ${l}`)
    return shape
  })
  const [first] = shapes
  if (first === undefined) throw new RangeError('no layer is stacked')
  if (shapes.some((s) => s.height !== first.height || s.width !== first.width)) {
    throw new RangeError(
      `stacked layers differ in size: ${shapes.map((s) => `${s.height} x ${s.width}`).join(', ')}`,
    )
  }
  return { ...first, channels: shapes.reduce((total, s) => total + s.channels, 0) }
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
  const filter = buffer(
    { ...place, torch: place.torch.replace(/features$/, '_input_weights_regularizer.laplace') },
    'laplace',
    {
      shape: [3, 3],
      init: { kind: 'values', values: Float32Array.from(LAPLACIAN) },
      role: 'statistic',
      layout: { kind: 'reshape', shape: [1, 1, 3, 3] },
      torchLeaf: 'filter',
    },
  )
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

function tabulate(layers: readonly StackLayer[], o: StackedCoreOptions) {
  const rows: Core['rows'][number][] = []
  let field: Field | undefined = ONE_PIXEL
  for (const layer of layers) {
    const made: ReturnType<typeof rowsOf> = rowsOf(layer.chain.layers, field)
    rows.push(...made.rows)
    field = o.skip > 1 ? undefined : made.field
  }
  return { rows, field }
}
