import { abs, cast, greaterEqual, mul, tensor, tidy } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { Model, ParamSpec } from '../../types.ts'
import { valueOf } from '../../model/base/param-spec.ts'
import { inReadout } from './freeze.ts'
import { readValues } from '../../tensor/index.ts'
import type { Hook, Workbench } from './hook.ts'

export interface LotteryTicketOptions {
  readonly rounds: number
  readonly round_length: number
  readonly percent_to_prune: number
  readonly pruning: boolean
  readonly reinit: boolean
  readonly global_pruning: boolean
}

/** A weight below this is taken as pruned (as published). */
const PRUNED_BELOW = 1e-6

/** Percentile of survivors removed per round so that all rounds together remove `percent`. */
export const roundPercentile = (percent: number, rounds: number): number =>
  100 * (1 - (1 - percent / 100) ** (1 / rounds))

/** q-th percentile with linear interpolation (numpy's rule). `values` is sorted in place. */
export function percentile(values: Float32Array, q: number): number {
  values.sort()
  const at = ((values.length - 1) * q) / 100
  const low = values[Math.floor(at)] ?? 0
  const high = values[Math.ceil(at)] ?? low
  return low + (high - low) * (at - Math.floor(at))
}

const survivorsOf = (weights: Float32Array): Float32Array =>
  weights.map(Math.abs).filter((w) => w >= PRUNED_BELOW)

const isPrunable = (spec: ParamSpec, readoutName: string): boolean =>
  spec.role === 'weight' && !spec.frozen && !inReadout(spec, readoutName)

/** Mask of survivors per tensor: 1 keeps, 0 removes. */
export function pruneMasks(
  weights: ReadonlyMap<string, Float32Array>,
  q: number,
  global: boolean,
): ReadonlyMap<string, Float32Array> {
  const all = global ? percentile(concatenated([...weights.values()].map(survivorsOf)), q) : 0
  return new Map(
    [...weights].map(([name, values]) => {
      const limit = global ? all : percentile(survivorsOf(values), q)
      return [name, values.map((w) => (Math.abs(w) >= PRUNED_BELOW && Math.abs(w) >= limit ? 1 : 0))]
    }),
  )
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Sets removed weights to zero and takes survivors and everything else back to the start (or to new initial values). */
function rewind(bench: Workbench, masks: ReadonlyMap<string, Float32Array>, reinit: boolean, rng: Rng): void {
  const trained = bench.model.specs.filter((s) => s.kind === 'parameter' && !s.frozen).map((s) => s.name)
  if (reinit) bench.reinitialise(trained, rng)
  for (const name of trained) {
    const start = reinit ? valueOf(bench.params, name).clone() : bench.initial(name)
    const mask = masks.get(name)
    const value = mask === undefined ? start : tidy(() => mul(start, tensor(mask, start.shape)))
    bench.assign(name, value)
    if (value !== start) value.dispose()
    start.dispose()
  }
  bench.clearOptimizer()
}

/**
 * Iterative magnitude pruning with rewinding (LotteryTicketPruning of earlier neural_cotraining): before epoch
 * r * round_length + 1 the smallest surviving weights outside the readout become zero and stay there, the others return to
 * their initial values.
 */
export function lotteryTicket(options: LotteryTicketOptions, readoutName: string, model: Model): Hook {
  const prunableNames = new Set(model.specs.filter((s) => isPrunable(s, readoutName)).map((s) => s.name))
  const q = roundPercentile(options.percent_to_prune, options.rounds)
  return {
    name: 'LotteryTicketPruning',
    beforeEpoch: async ({ epoch, rng }, bench) => {
      const round = (epoch - 1) / options.round_length
      if (!Number.isInteger(round) || round >= options.rounds) return null
      const names = options.pruning ? [...prunableNames] : []
      const weights = new Map<string, Float32Array>()
      for (const name of names) weights.set(name, await readValues(() => valueOf(bench.params, name)))
      const masks = pruneMasks(weights, q, options.global_pruning)
      rewind(bench, masks, options.reinit, rng)
      const kept = [...masks.values()].reduce((n, m) => n + m.reduce((s, v) => s + v, 0), 0)
      const total = [...masks.values()].reduce((n, m) => n + m.length, 0)
      return { text: `pruning round ${round + 1}: ${kept} of ${total} weights survive`, mark: 'prune' }
    },
    gradients: (grads, params) => {
      const out = new Map(grads)
      for (const [name, grad] of grads) {
        const weight = params.get(name)
        if (weight === undefined || !prunableNames.has(name)) continue
        out.set(
          name,
          tidy(() => mul(grad, cast(greaterEqual(abs(weight), PRUNED_BELOW), 'float32'))),
        )
        grad.dispose()
      }
      return out
    },
  }
}
