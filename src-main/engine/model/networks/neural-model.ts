import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, mul } from '@tensorflow/tfjs-core'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { ForwardContext, Model, ModelOutput, ParamMap, ParamSpec, Route } from '../../types.ts'
import type { Modulator } from '../behaviour/modulator.ts'
import type { Shifter } from '../behaviour/shifter.ts'
import type { Aliases } from '../layers/captures.ts'
import { named, withPaths } from '../layers/captures.ts'
import type { Core } from '../cores/core.ts'
import type { SessionEncoder } from '../encoders/encoder.ts'
import type { Taken } from '../layers/layer.ts'
import { take } from '../layers/layer.ts'
import type { Readout } from '../readouts/readout.ts'

/** What turns the core's map into the responses of one session. */
export interface SessionParts {
  readonly readout: Readout
  readonly encoder: SessionEncoder
  readonly shifter: Shifter | null
  readonly modulator: Modulator | null
}

/** A core, and the parts of each session by `area/session`. */
export interface NeuralParts {
  readonly core: Core
  readonly sessions: ReadonlyMap<string, SessionParts>
  readonly aliases: Aliases
}

/** A model that predicts responses alone: nnvision's single-task models and their like. */
export function neuralModel({ core, sessions, aliases }: NeuralParts): Model {
  const partsOf = (route: Route): SessionParts => {
    if (route.task === 'img_classification') throw new RangeError('the model has no classification readout')
    const parts = sessions.get(`${route.task}/${route.session}`)
    if (parts === undefined)
      throw new RangeError(`the model has no ${route.task} readout for session "${route.session}"`)
    return parts
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
      const output = respond(partsOf(route), map, params, inner)
      return { output, representations: named(taken, context, aliases) }
    })
  }
  const all = [...sessions.values()]
  return {
    specs: withAliases(
      [
        ...core.specs,
        ...all.flatMap((s) => [s.readout, s.encoder, s.shifter, s.modulator].flatMap((p) => p?.specs ?? [])),
      ],
      all.flatMap((s) => [...(s.readout.borrowed ?? [])]),
    ),
    layers: [...core.rows, ...all.map((s) => s.readout.row)],
    ranges: new Map(all.flatMap((s) => [...s.readout.ranges])),
    apply: (params, inputs, route, context) => applyBoth(params, inputs, [route], context)[0]!, // one route in, one out
    applyBoth,
    penalty: (params, route): Scalar => {
      const { readout, shifter, modulator } = partsOf(route)
      const others = [shifter, modulator].flatMap((p) => (p === null ? [] : [p.penalty(params)]))
      return [readout.penalty(params), ...others].reduce((a, b) => add(a, b), core.penalty(params))
    },
  }
}

/** Notes on each shared tensor under which names the other sessions list it in the published state dict. */
function withAliases(
  specs: readonly ParamSpec[],
  borrowed: readonly (readonly [string, string])[],
): readonly ParamSpec[] {
  return specs.map((spec) => {
    const aliases = borrowed.filter(([owner]) => owner === spec.name).map(([, name]) => name)
    return aliases.length === 0 ? spec : { ...spec, torch: { ...spec.torch, aliases } }
  })
}

function respond(parts: SessionParts, map: Tensor4D, params: ParamMap, context: ForwardContext): Tensor2D {
  const { readout, encoder, shifter, modulator } = parts
  const at =
    shifter === null
      ? context
      : { ...context, shift: shifter.shift(given(context.pupil, 'eye positions', 'shifter'), params) }
  const z = readout.apply(map, params, at)
  const modulated: Tensor2D =
    modulator === null ? z : mul(z, modulator.gain(given(context.behavior, 'behaviour', 'modulator'), params))
  return encoder.respond(modulated, params, context)
}

function given(value: Tensor2D | undefined, what: string, option: string): Tensor2D {
  if (value !== undefined) return value
  throw new CotrainError({
    code: 'data-missing',
    path: `model.config.${option}`,
    message: `the batches hold no ${what}.`,
    hint: `Switch the ${option} off, or choose a data set with ${what}.`,
  })
}
