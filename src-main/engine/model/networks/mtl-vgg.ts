import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { reshape, scalar } from '@tensorflow/tfjs-core'
import type { ForwardContext, Model, ModelOutput, NeuralSet, ParamMap, Route } from '../../types.ts'
import { named, withPaths } from '../layers/captures.ts'
import { toColour } from '../layers/channels.ts'
import { chain } from '../layers/chain.ts'
import type { Chain } from '../layers/chain.ts'
import type { Taken } from '../layers/layer.ts'
import { take } from '../layers/layer.ts'
import { ONE_PIXEL, rowsOf } from '../layers/layer-table.ts'
import type { MtlOptions } from './mtl-options.ts'
import type { MtlParts } from './mtl-parts.ts'
import { mtlParts } from './mtl-parts.ts'
import { eluResponse } from '../base/output.ts'
import type { Readout } from '../readouts/readout.ts'
import type { ModelShapes } from '../base/shape.ts'

/** The parts of the network as chains that run. */
interface Pieces {
  readonly parts: MtlParts
  readonly v1: Chain
  readonly v4: Chain
  /** On the way to the readouts of an area only. */
  readonly extra: Readonly<Record<NeuralSet, Chain>>
  readonly rest: Chain
}

/** What one forward pass works with. */
interface Pass {
  readonly params: ParamMap
  readonly context: ForwardContext
  readonly taken: Taken
}

/** What one pass of the shared core gives. */
interface CoreOutput {
  readonly v1?: Tensor4D
  readonly v4?: Tensor4D
  readonly shared: Tensor4D
}

/**
 * The shared network of the co-training paper (`MTL_VGG`): VGG features cut into a v1 block, a v4 block and an unshared
 * rest with a classification readout; one Gaussian readout per area and session on the output of its block.
 */
export function mtlVgg(options: MtlOptions, shapes: ModelShapes): Model {
  const parts = mtlParts(options, shapes)
  const pieces: Pieces = {
    parts,
    v1: chain(parts.v1.layers),
    v4: chain(parts.v4.layers),
    extra: { v1: chain(parts.v1.extra), v4: chain(parts.v4.extra) },
    rest: chain([...parts.unshared, ...parts.head]),
  }
  const hasBlocks = parts.v1.layers.length + parts.v4.layers.length > 0
  const applyBoth: NonNullable<Model['applyBoth']> = (params, inputs, routes, context) => {
    const pass: Pass = { params, context: withPaths(context, options.aliases), taken: new Map() }
    const isDeep = routes.some((r) => r.task !== 'v1')
    const from = sharedCore(pieces, inputs, isDeep, pass)
    if (hasBlocks) take(pass.taken, pass.context, from.shared, 'core')
    return routes.map((route): ModelOutput => {
      const output = answer(pieces, from, route, pass, options.eluOffset)
      return { output, representations: named(pass.taken, context, options.aliases) }
    })
  }
  return {
    specs: parts.specs,
    layers: layerRows(parts),
    ranges: new Map([...parts.readouts.values()].flatMap((r) => [...r.ranges])),
    apply: (params, inputs, route, context) => applyBoth(params, inputs, [route], context)[0]!, // one route in, one out
    applyBoth,
    penalty: (params, route) =>
      route.task === 'img_classification' ? scalar(0) : readoutOf(parts, route).penalty(params),
  }
}

/** Runs the shared blocks; not `isDeep`: only as far as v1 needs. */
function sharedCore({ v1, v4 }: Pieces, inputs: Tensor4D, isDeep: boolean, pass: Pass): CoreOutput {
  const { params, context, taken } = pass
  const a = v1.apply(toColour(inputs), params, context, taken)
  const ofV1 = v1.layers.length > 0 ? { v1: a } : {}
  if (v1.layers.length > 0) take(taken, context, a, 'v1_block', 'mtl_vgg_core.v1_block')
  if (!isDeep || v4.layers.length === 0) return { ...ofV1, shared: a }
  const b = v4.apply(a, params, context, taken)
  take(taken, context, b, 'v4_block', 'mtl_vgg_core.v4_block')
  return { ...ofV1, v4: b, shared: b }
}

function answer(
  { parts, extra, rest }: Pieces,
  from: CoreOutput,
  route: Route,
  { params, context, taken }: Pass,
  eluOffset: number,
): Tensor2D {
  if (route.task === 'img_classification') return logits(rest, parts, params, from.shared, context, taken)
  const features = from[route.task]
  if (features === undefined) throw new RangeError(`the model has no ${route.task} block`)
  const map = extra[route.task].apply(features, params, context, taken)
  return eluResponse(readoutOf(parts, route).apply(map, params, context), eluOffset)
}

function logits(
  rest: Chain,
  parts: MtlParts,
  params: ParamMap,
  shared: Tensor4D,
  context: ForwardContext,
  taken: Taken,
): Tensor2D {
  if (parts.head.length === 0) throw new RangeError('the model was built without classification')
  return reshape(rest.apply(shared, params, context, taken), [shared.shape[0], parts.classes])
}

function readoutOf(parts: MtlParts, route: { readonly task: NeuralSet; readonly session: string }): Readout {
  const readout = parts.readouts.get(`${route.task}/${route.session}`)
  if (readout === undefined)
    throw new RangeError(`the model has no ${route.task} readout for session "${route.session}"`)
  return readout
}

function layerRows(parts: MtlParts): Model['layers'] {
  const v1 = rowsOf(parts.v1.layers, ONE_PIXEL)
  const v4 = rowsOf(parts.v4.layers, v1.field)
  const head = rowsOf(parts.unshared, v4.field)
  return [
    ...v1.rows,
    ...rowsOf(parts.v1.extra, v1.field).rows,
    ...v4.rows,
    ...rowsOf(parts.v4.extra, v4.field).rows,
    ...head.rows,
    ...[...parts.readouts.values()].map((r) => r.row),
    ...rowsOf(parts.head).rows,
  ]
}
