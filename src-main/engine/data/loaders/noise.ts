import type { Rng } from '../../../../src-shared/util/rng.ts'

/** Noise levels and their probabilities; a level of 0 or below stands for no noise. */
export interface NoisePlan {
  readonly kind: 'std' | 'snr'
  readonly levels: readonly number[]
  readonly probabilities: readonly number[]
  /** snr: sd = power / ratio as published, instead of its root. */
  readonly legacySnr: boolean
}

/** One level for every image. */
export const constantNoise = (std: number): NoisePlan => ({
  kind: 'std',
  levels: [std],
  probabilities: [1],
  legacySnr: false,
})

/** Default mixture: five levels at 10 % each, half of the images clean. */
export const MIXED_NOISE: NoisePlan = {
  kind: 'std',
  levels: [0.08, 0.12, 0.18, 0.26, 0.38, -1],
  probabilities: [0.1, 0.1, 0.1, 0.1, 0.1, 0.5],
  legacySnr: false,
}

/** The same five levels without clean images: the second view of paired views. */
export const ALWAYS_NOISE: NoisePlan = {
  kind: 'std',
  levels: [0.08, 0.12, 0.18, 0.26, 0.38],
  probabilities: [0.2, 0.2, 0.2, 0.2, 0.2],
  legacySnr: false,
}

/** A noise mixture as configs write it: level -> probability. */
export function noisePlan(
  kind: NoisePlan['kind'],
  mixture: Readonly<Record<string, number>>,
  legacySnr = false,
): NoisePlan {
  const entries = Object.entries(mixture)
    .map(([level, probability]) => [Number(level), probability] as const)
    .sort(([a], [b]) => a - b)
  return {
    kind,
    levels: entries.map(([level]) => level),
    probabilities: entries.map(([, p]) => p),
    legacySnr,
  }
}

/** Adds noise of one drawn level to an image on the 0..1 scale, in place, and clips to 0..1. */
export function addNoise(image: Float32Array, plan: NoisePlan, rng: Rng): void {
  const level = drawLevel(plan, rng.fork('level').uniform())
  if (level <= 0) return
  const sd = plan.kind === 'std' ? level : sdOfRatio(image, level, plan.legacySnr)
  const own = rng.fork('pixels')
  for (let i = 0; i < image.length; i++) {
    image[i] = Math.min(1, Math.max(0, image[i]! + sd * own.normal()))
  }
}

function drawLevel({ levels, probabilities }: NoisePlan, uniform: number): number {
  let sum = 0
  for (let i = 0; i < levels.length; i++) {
    sum += probabilities[i]!
    if (uniform < sum) return levels[i]!
  }
  return levels.at(-1) ?? 0
}

function sdOfRatio(image: Float32Array, ratio: number, legacy: boolean): number {
  let power = 0
  for (const value of image) power += value * value
  const share = power / image.length / ratio
  return legacy ? share : Math.sqrt(share)
}
