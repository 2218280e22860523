import type { ImageScale, WindowedGrating } from './gratings.ts'
import { drawGratingOn, logSpaced } from './gratings.ts'
import type { Progress, Responder } from './responder.ts'
import { ownResponses, imageSize, responsesTo } from './responder.ts'

/** Full-field gratings: phases run fastest, then frequencies, then orientations. */
export interface GratingSeries {
  readonly thetas: readonly number[]
  /** Cycles over the width of the image. */
  readonly frequencies: readonly number[]
  readonly phases: readonly number[]
  readonly gratings: readonly WindowedGrating[]
}

export interface SeriesOptions {
  readonly orientations: number
  readonly frequencies: number
  /** Cycles over the width of the image. */
  readonly lowest: number
  readonly highest: number
  readonly phases: number
  /** RMS, in sd of the images that the network knows. */
  readonly contrast: number
}

export function gratingSeries(o: SeriesOptions, width: number): GratingSeries {
  const thetas = Array.from({ length: o.orientations }, (_, i) => (Math.PI * i) / o.orientations)
  const frequencies = logSpaced(o.lowest, o.highest, o.frequencies)
  const phases = Array.from({ length: o.phases }, (_, i) => (2 * Math.PI * i) / o.phases)
  const gratings = thetas.flatMap((theta) =>
    frequencies.flatMap((f) =>
      phases.map((phase) => ({ theta, frequency: f / width, phase, contrast: o.contrast, window: null })),
    ),
  )
  return { thetas, frequencies, phases, gratings }
}

/** Shows gratings to a network. */
export interface GratingShow {
  /** Responses to the background alone [units]. */
  blank(): Promise<Float32Array>
  /** [gratings, units] */
  toAll(gratings: readonly WindowedGrating[], progress: Progress): Promise<Float32Array>
  /** Mean response of one unit over these phases of each grating. */
  toOne(
    unit: number,
    gratings: readonly WindowedGrating[],
    phases: readonly number[],
  ): Promise<readonly number[]>
}

/** No more images are drawn at once. */
const GROUP = 128

export function gratingShow(responder: Responder, scale: ImageScale): GratingShow {
  const size = imageSize(responder.shape)
  const drawn = (gratings: readonly WindowedGrating[]) => {
    const values = new Float32Array(gratings.length * size)
    gratings.forEach((g, i) => drawGratingOn(g, responder.shape, scale, values, i * size))
    return { count: gratings.length, values }
  }
  return {
    blank: () => responsesTo(responder, { count: 1, values: new Float32Array(size).fill(scale.grey) }),
    async toAll(gratings, progress) {
      const out = new Float32Array(gratings.length * responder.units)
      for (let from = 0; from < gratings.length; from += GROUP) {
        const part = gratings.slice(from, from + GROUP)
        out.set(await responsesTo(responder, drawn(part)), from * responder.units)
        progress((from + part.length) / gratings.length)
      }
      return out
    },
    async toOne(unit, gratings, phases) {
      const shown = gratings.flatMap((g) => phases.map((phase) => ({ ...g, phase })))
      const answers = await ownResponses(responder, drawn(shown), new Int32Array(shown.length).fill(unit))
      return gratings.map((_, i) => meanOf(answers.subarray(i * phases.length, (i + 1) * phases.length)))
    },
  }
}

export const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}
