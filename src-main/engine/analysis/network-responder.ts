import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { concat, gather, tensor1d, tensor2d, tile } from '@tensorflow/tfjs-core'
import type { InputShape } from '../data/loaders/input-source.ts'
import type { Network } from '../eval/network.ts'
import { EVALUATION } from '../eval/network.ts'
import type { ForwardContext, NeuralSet } from '../types.ts'
import type { Responder } from './responder.ts'

/** Units of one session, by their places among the outputs of its readout. */
export interface SessionUnits {
  readonly session: string
  readonly units: readonly number[]
}

/** State of the animal that every image is answered in; empty where the network does not ask. */
export interface AnimalState {
  readonly behavior: readonly number[]
  readonly pupil: readonly number[]
}

/**
 * Chosen units of an area of a network in evaluation mode, sessions in the order given. The core is computed once for all sessions
 * where the model can.
 */
export function networkResponder(
  { model, params }: Network,
  area: NeuralSet,
  sessions: readonly SessionUnits[],
  shape: InputShape,
  state: AnimalState,
): Responder {
  const routes = sessions.map(({ session }) => ({ task: area, session }))
  const respond = (images: Tensor4D): Tensor2D => {
    const context = { ...EVALUATION, ...stateOf(state, images.shape[0]) }
    const answers =
      model.applyBoth?.(params, images, routes, context) ??
      routes.map((route) => model.apply(params, images, route, context))
    const chosen = answers.map(({ output }, i) =>
      gather(output, tensor1d([...sessions[i]!.units], 'int32'), 1),
    ) // one session for each route
    return chosen.length === 1 ? chosen[0]! : concat(chosen, 1)
  }
  return { shape, units: sessions.reduce((n, { units }) => n + units.length, 0), respond }
}

/** The state for each of some images, as a network is told of it. */
export function stateOf(
  { behavior, pupil }: AnimalState,
  images: number,
): Pick<ForwardContext, 'behavior' | 'pupil'> {
  const each = (values: readonly number[]): Tensor2D => tile(tensor2d([[...values]]), [images, 1])
  return {
    ...(behavior.length > 0 && { behavior: each(behavior) }),
    ...(pupil.length > 0 && { pupil: each(pupil) }),
  }
}
