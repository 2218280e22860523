import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { add } from '@tensorflow/tfjs-core'
import type { ForwardContext, Model, ModelOutput, ParamMap, Route } from '../types.ts'
import type { Aliases } from './captures.ts'
import { named, withPaths } from './captures.ts'
import type { Core } from './cores/core.ts'
import type { Taken } from './layers/layer.ts'
import { take } from './layers/layer.ts'
import type { Readout } from './readouts/readout.ts'

/** A core, and for each session what turns its map into responses. */
export interface NeuralParts {
  readonly core: Core
  /** By `area/session`. */
  readonly readouts: ReadonlyMap<string, Readout>
  /** Readout values -> predicted responses. */
  readonly respond: (z: Tensor2D) => Tensor2D
  readonly aliases: Aliases
}

/** A model that predicts responses alone: nnvision's single-task models and their like. */
export function neuralModel({ core, readouts, respond, aliases }: NeuralParts): Model {
  const readoutOf = (route: Route): Readout => {
    if (route.task === 'img_classification') throw new RangeError('the model has no classification readout')
    const readout = readouts.get(`${route.task}/${route.session}`)
    if (readout === undefined)
      throw new RangeError(`the model has no ${route.task} readout for session "${route.session}"`)
    return readout
  }
  const applyBoth = (
    params: ParamMap,
    inputs: Tensor4D,
    routes: readonly Route[],
    context: ForwardContext,
  ) => {
    const inner = withPaths(context, aliases)
    const taken: Taken = new Map()
    const map = core.apply(inputs, params, inner, taken)
    take(taken, inner, map, 'core')
    return routes.map((route): ModelOutput => {
      const z = readoutOf(route).apply(map, params, inner)
      return { output: respond(z), representations: named(taken, context, aliases) }
    })
  }
  return {
    specs: [...core.specs, ...[...readouts.values()].flatMap((r) => r.specs)],
    layers: [...core.rows, ...[...readouts.values()].map((r) => r.row)],
    ranges: new Map([...readouts.values()].flatMap((r) => [...r.ranges])),
    apply: (params, inputs, route, context) => applyBoth(params, inputs, [route], context)[0] as ModelOutput, // one route in, one out
    applyBoth,
    penalty: (params, route): Scalar => add(core.penalty(params), readoutOf(route).penalty(params)),
  }
}
