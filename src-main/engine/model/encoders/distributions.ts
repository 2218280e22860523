import type { Tensor2D } from '@tensorflow/tfjs-core'
import {
  add,
  concat,
  div,
  elu,
  exp,
  maximum,
  minimum,
  mul,
  reshape,
  sigmoid,
  split,
  sub,
  tile,
} from '@tensorflow/tfjs-core'
import type { Init, ParamMap } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import { constant, parameter, valueOf } from '../base/param-spec.ts'
import type { Encoder, SessionEncoder } from './encoder.ts'

/** Keeps variances, rates and scales away from 0 (as published). */
const FLOOR = 1e-6

const positive = (z: Tensor2D, above: number): Tensor2D => add(elu(z), 1 + above)

/** The numbers of each unit, taken apart. */
const parts = (z: Tensor2D, count: number): readonly Tensor2D[] => split(z, count, 1)

interface Distribution {
  readonly numbers: number
  /** Readout numbers (and the learned location where there is one) -> parameters of the distribution. */
  parameters(numbers: readonly Tensor2D[], location: Tensor2D | null): readonly Tensor2D[]
  mean(parameters: readonly Tensor2D[]): Tensor2D
  /** Threshold between silence and response: none, learned, or fixed at a value. */
  readonly location: 'none' | 'learned' | number
}

function encoderOf(d: Distribution): Encoder {
  return { numbers: d.numbers, session: (place, units) => sessionOf(d, place, units) }
}

/** Training sees all parameters side by side, evaluation the mean unless it asks for the distribution. */
function sessionOf(d: Distribution, place: Place, units: number): SessionEncoder {
  // Learned thresholds start between 0.01 and 0.1: log 0.1 times U(1, 2).
  const start = Math.log(0.1)
  const isFixed = typeof d.location === 'number'
  const init: Init = isFixed
    ? constant(Math.log(d.location))
    : { kind: 'uniform', low: 2 * start, high: start }
  const location =
    d.location === 'none'
      ? null
      : parameter({ ...place, torch: 'logloc', frozen: isFixed }, 'logloc', {
          shape: [units],
          init,
          role: 'position',
          layout: { kind: 'reshape', shape: [1, units] },
          torchLeaf: place.name.replace(/^encoder\./, ''),
        })
  const locationOf = (params: ParamMap, batch: number): Tensor2D | null =>
    location === null ? null : tile(reshape(exp(valueOf(params, location.name)), [1, units]), [batch, 1])
  return {
    specs: location === null ? [] : [location],
    respond: (z, params, context) => {
      const given = d.parameters(parts(z, d.numbers), locationOf(params, z.shape[0]))
      return context.training || context.distribution === true ? concat([...given], 1) : d.mean(given)
    },
  }
}

/** Mean z1, variance ELU(z2) + 1 (`GaussianEncoder`); for `GaussianLoss`. */
export const gaussianEncoder = (): Encoder =>
  encoderOf({
    numbers: 2,
    location: 'none',
    parameters: ([mean, variance]) => [mean!, positive(variance!, FLOOR)],
    mean: ([mean]) => mean!,
  })

export interface GammaEncoderOptions {
  /** null: no bound. */
  readonly maxConcentration: number | null
  readonly minRate: number | null
}

/** Concentration and rate ELU + 1 each (`GammaEncoder`), mean concentration / rate; for `GammaLoss`. */
export const gammaEncoder = (o: GammaEncoderOptions): Encoder =>
  encoderOf({
    numbers: 2,
    location: 'none',
    parameters: ([c, r]) => {
      const concentration = positive(c!, FLOOR)
      const rate = positive(r!, FLOOR)
      return [
        o.maxConcentration === null ? concentration : minimum(concentration, o.maxConcentration),
        o.minRate === null ? rate : maximum(rate, o.minRate),
      ]
    },
    mean: ([concentration, rate]) => div(concentration!, rate!),
  })

/** Without given thresholds the shape of the published gamma slab starts above this. */
const SLAB_SHAPE_FLOOR = 1.1
const LOG_NORMAL_FLOOR = 1e-12
/** Keeps the probability of a response below 1. */
const PROBABILITY_SCALE = 0.99999

const probability = (z: Tensor2D): Tensor2D => add(mul(sigmoid(z), PROBABILITY_SCALE), FLOOR)

/** (1 - q) loc / 2: the part of the mean below the threshold. */
const below = (loc: Tensor2D, q: Tensor2D): Tensor2D => mul(sub(1, q), mul(loc, 0.5))

/**
 * Uniform below a threshold (learned unless given) with probability 1 - q, gamma above it (`ZIGEncoder`); for `ZIGLoss`.
 * Parameters: scale theta, shape k, threshold, q.
 */
export const zigEncoder = (threshold: number | null = null): Encoder =>
  encoderOf({
    numbers: 3,
    location: threshold ?? 'learned',
    parameters: ([q, theta, k], loc) => [
      positive(theta!, FLOOR),
      positive(k!, threshold === null ? SLAB_SHAPE_FLOOR + FLOOR : FLOOR),
      loc!,
      probability(q!),
    ],
    mean: ([theta, k, loc, q]) => add(below(loc!, q!), mul(q!, add(mul(k!, theta!), loc!))),
  })

/**
 * Uniform below a threshold (learned unless given) with probability 1 - q, log-normal above it (`ZILEncoder`); for `ZILLoss`.
 * Parameters: mu, variance of the logarithm, threshold, q.
 */
export const zilEncoder = (threshold: number | null = null): Encoder =>
  encoderOf({
    numbers: 3,
    location: threshold ?? 'learned',
    parameters: ([q, mu, s], loc) => [mu!, positive(s!, LOG_NORMAL_FLOOR), loc!, probability(q!)],
    mean: ([mu, variance, loc, q]) => {
      const slab = exp(add(mu!, mul(variance!, 0.5)))
      return add(below(loc!, q!), mul(q!, add(slab, loc!)))
    },
  })
