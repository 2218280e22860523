import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import { ownOptions, ownPart } from '../../../src-shared/schema/plugin/own-parts.ts'
import type { OwnCode } from '../types.ts'
import type { SessionPredictions } from './predict-responses.ts'

const measures = new Map<string, OwnCode>()

/** From now on this process can compute the measure. */
export const useOwnMeasure = (code: OwnCode): void => void measures.set(code.fn, code)

/** What the measure of a plug-in sees of a session; responses are row-major [trials, units], NaN where none was recorded. */
interface Seen {
  readonly predicted: Float32Array
  readonly recorded: Float32Array
  readonly trials: number
  readonly units: number
  /** [trials] the image of each trial; equal for repeats. */
  readonly image: Int32Array
}

/** A measure as a column of the scores: one number for each unit of a session, NaN where it is undefined. */
export interface OwnMeasure {
  readonly column: string
  of(session: SessionPredictions): Float64Array
}

/** The measures among the parts of plug-ins that a run uses, with their options. @throws CotrainError naming the plug-in */
export function ownMeasures(parts: Readonly<Record<string, unknown>>): readonly OwnMeasure[] {
  return Object.entries(parts).flatMap(([fn, given]) => {
    const part = ownPart('measure', fn)
    const code = measures.get(fn)
    if (part === undefined || code === undefined) return []
    const build = code.build as (o: PlainConfig) => unknown
    const compute = code.guard(`building ${fn}`, () => {
      const made = build(ownOptions(part, given))
      if (typeof made !== 'function') throw new Error('it has to give a function of a session')
      return made as (seen: Seen) => unknown
    })
    const of = (p: SessionPredictions): Float64Array =>
      code.guard(`computing ${fn}`, () => {
        const { trials, units, image } = p
        // Copies: what a plug-in does with them changes no other score.
        const seen = { trials, units, image: Int32Array.from(image) }
        const values = compute({
          ...seen,
          predicted: Float32Array.from(p.predicted),
          recorded: Float32Array.from(p.recorded),
        })
        return columnOf(values, units)
      })
    return [{ column: fn.replace('/', '.'), of }]
  })
}

function columnOf(values: unknown, units: number): Float64Array {
  const list =
    Array.isArray(values) || ArrayBuffer.isView(values) ? Array.from(values as ArrayLike<unknown>) : []
  if (list.length === units && list.every((value) => typeof value === 'number'))
    return Float64Array.from(list, (value) => (Number.isFinite(value) ? value : NaN))
  throw new Error(`a measure has to give one number for each of the ${units} units`)
}
