import type { Rng } from '../../../src-shared/util/rng.ts'
import type { Loader, NeuralSet } from '../types.ts'
import type { Network } from './network.ts'
import { forward, trialContext } from './network.ts'

/** Predicted and recorded responses of one session, trial by trial. */
export interface SessionPredictions {
  readonly session: string
  readonly units: number
  readonly trials: number
  /** [trials, units], or the parameters of a distribution side by side [trials, parameters * units]. */
  readonly predicted: Float32Array
  /** [trials, units]; NaN = missing. */
  readonly recorded: Float32Array
  /** [trials] image shown, to find repeats. */
  readonly image: Int32Array
}

/** Runs a session's loader in evaluation mode; yields the share that is done. */
export async function* predictSession(
  network: Network,
  area: NeuralSet,
  loader: Loader,
  rng: Rng,
  wanted: 'mean' | 'parameters' = 'mean',
): AsyncGenerator<number, SessionPredictions> {
  const predicted: Float32Array[] = []
  const recorded: Float32Array[] = []
  const image: number[] = []
  let units = 0
  let done = 0
  for await (const batch of loader.epoch(rng)) {
    const seen = { distribution: wanted === 'parameters', ...trialContext(batch) }
    const output = forward(network, batch.inputs, { task: area, session: loader.key }, seen)
    units = batch.targets.shape[1]!
    predicted.push(await output.data<'float32'>())
    recorded.push(await batch.targets.data<'float32'>())
    for (const index of batch.index) image.push(index)
    output.dispose()
    batch.inputs.dispose()
    batch.targets.dispose()
    for (const extra of [batch.labels, batch.behavior, batch.pupil]) extra?.dispose()
    yield ++done / loader.batches
  }
  return {
    session: loader.key,
    units,
    trials: image.length,
    predicted: concatenated(predicted),
    recorded: concatenated(recorded),
    image: Int32Array.from(image),
  }
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
