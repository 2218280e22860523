import type { GeneratorOptions } from '../../../../src-shared/schema/dataset/generator-fields.ts'
import type { GaborPlace, Patch } from './gabor.ts'
import { applyPatch, gaborPatch, gaussianPatch } from './gabor.ts'
import type { Neuron } from './population.ts'
import { envelopeWidth } from './population.ts'

/** The linear filters of a neuron: one phase for a simple cell, a quadrature pair for a complex one, and its pool. */
export interface ReceptiveField {
  readonly neuron: Neuron
  readonly filter: Patch
  readonly quadrature: Patch | null
  /** Energy pool, or null with `pool: "bank"`. */
  readonly pool: Patch | null
  /** Quadrature pairs of the bank pool. */
  readonly bank: readonly (readonly [Patch, Patch])[]
}

const BANK_ORIENTATIONS = 8
const BANK_FREQUENCIES = 3
/** Bandwidth of the bank's filters, octaves: the middle of the population's range. */
const BANK_BANDWIDTH = 1.4

/**
 * What a simulated neuron reads of an image of `image_size` pixels a side: its Gabor filter [side, side], the one a
 * quarter turn apart for a complex cell, and the pool or bank of others that divides it.
 */
export function receptiveField(neuron: Neuron, options: GeneratorOptions): ReceptiveField {
  const size = options.image_size
  const phase = neuron.isComplex ? 0 : neuron.phase
  const bank = options.pool === 'bank'
  return {
    neuron,
    filter: gaborPatch(neuron, phase, size),
    quadrature: neuron.isComplex ? gaborPatch(neuron, Math.PI / 2, size) : null,
    pool: bank ? null : gaussianPatch(neuron.x0, neuron.y0, neuron.poolSigma, size),
    bank: bank ? bankOf(neuron, options) : [],
  }
}

function bankOf(neuron: Neuron, options: GeneratorOptions): [Patch, Patch][] {
  const size = options.image_size
  const ratio = options.frequency_high / options.frequency_low
  const lowest = (options.frequency_low * 64) / size
  const out: [Patch, Patch][] = []
  for (let f = 0; f < BANK_FREQUENCIES; f++) {
    const frequency = lowest * ratio ** (f / (BANK_FREQUENCIES - 1))
    const sigma = Math.min(0.12 * size, envelopeWidth(frequency, BANK_BANDWIDTH))
    for (let t = 0; t < BANK_ORIENTATIONS; t++) {
      const theta = (Math.PI * t) / BANK_ORIENTATIONS
      const place: GaborPlace = {
        x0: neuron.x0,
        y0: neuron.y0,
        theta,
        frequency,
        sigmaU: sigma,
        sigmaV: sigma,
      }
      out.push([gaborPatch(place, 0, size), gaborPatch(place, Math.PI / 2, size)])
    }
  }
  return out
}

/** An image standardised by the data set's mean and sd, and its square; both [size, size] from the same offset. */
export interface StandardImages {
  readonly values: Float32Array
  readonly squares: Float32Array
  readonly size: number
}

/**
 * Normalised drive R = E / (sigma^p + P) of one neuron to the image at `offset` (Carandini & Heeger 2012): E is the
 * half-rectified filter output of a simple cell or the energy of a complex cell (Adelson & Bergen 1985), to the power p.
 */
export function normalisedDrive(field: ReceptiveField, images: StandardImages, offset: number): number {
  const { neuron, filter, quadrature } = field
  const p = neuron.exponent
  const first = applyPatch(filter, images.values, offset, images.size)
  const drive =
    quadrature === null
      ? Math.max(0, first) ** p
      : (first ** 2 + applyPatch(quadrature, images.values, offset, images.size) ** 2) ** (p / 2)
  return drive / (neuron.semiSaturation ** p + poolOf(field, images, offset, p))
}

function poolOf(field: ReceptiveField, images: StandardImages, offset: number, p: number): number {
  if (field.pool !== null) return applyPatch(field.pool, images.squares, offset, images.size) ** (p / 2)
  let sum = 0
  for (const [even, odd] of field.bank) {
    const a = applyPatch(even, images.values, offset, images.size)
    const b = applyPatch(odd, images.values, offset, images.size)
    sum += (a * a + b * b) ** (p / 2)
  }
  return sum / field.bank.length
}
