import type { NumberFormat } from '../../src-main/engine/proof/base/tolerances.ts'
import { TOLERANCES } from '../../src-main/engine/proof/base/tolerances.ts'
import type { GoldenOutcome } from './golden-case.ts'

/** A value passes when |value - expected| <= atol + rtol * |expected|. */
export interface Tolerance {
  readonly rtol: number
  readonly atol: number
}

/** Numbers, or numbers that are still being read from the device. */
type Values = ArrayLike<number> | Promise<ArrayLike<number>>

let format: NumberFormat = 'float32'

/** The number format in which everything is compared from now on. */
export const compareIn = (next: NumberFormat): void => void (format = next)

/**
 * As the files say, in float32. In a shorter format every layer rounds: values are held to the tolerance of that format, relative
 * to the greatest of them.
 */
function allowed({ rtol, atol }: Tolerance, expected: ArrayLike<number>): Tolerance {
  if (format === 'float32') return { rtol, atol }
  const extent = Array.from(expected).reduce(
    (most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most),
    0,
  )
  return { rtol, atol: Math.max(atol, TOLERANCES[format].network * extent) }
}

/** Collects comparisons of one case: the largest difference, where it is, and whether all passed. */
export interface Comparison {
  close(label: string, values: Values, expected: ArrayLike<number>, tolerance: Tolerance): void
  exact(label: string, value: unknown, expected: unknown): void
  /** Waits for what is still being read. */
  outcome(tolerance: string): Promise<GoldenOutcome>
}

export function comparison(): Comparison {
  let maxError = 0
  let where = ''
  let failure: string | null = null
  const fail = (text: string): void => {
    failure ??= text
  }
  let rest = Promise.resolve()
  const compare = (
    label: string,
    values: ArrayLike<number>,
    expected: ArrayLike<number>,
    tolerance: Tolerance,
  ): void => {
    const { rtol, atol } = allowed(tolerance, expected)
    if (values.length !== expected.length)
      return fail(`${label}: ${values.length} values, expected ${expected.length}`)
    for (let i = 0; i < values.length; i++) {
      const [value, wanted] = [values[i] as number, expected[i] as number]
      if (Number.isNaN(value) && Number.isNaN(wanted)) continue
      const error = value === wanted ? 0 : Math.abs(value - wanted)
      if (!(error <= atol + rtol * Math.abs(wanted))) fail(`${label}[${i}]: ${value}, expected ${wanted}`)
      if (error > maxError || Number.isNaN(error)) {
        maxError = error
        where = `${label}[${i}]`
      }
    }
  }
  return {
    close: (label, values, expected, tolerance) => {
      if (!(values instanceof Promise)) return compare(label, values, expected, tolerance)
      const earlier = rest
      rest = values.then(async (read) => {
        await earlier
        compare(label, read, expected, tolerance)
      })
      rest.catch(() => undefined) // `outcome` tells
    },
    exact: (label, value, expected) => {
      const [a, b] = [JSON.stringify(value), JSON.stringify(expected)]
      if (a !== b) fail(`${label}: ${a}, expected ${b}`.slice(0, 400))
    },
    outcome: async (tolerance) => {
      await rest
      return {
        maxError,
        tolerance,
        ok: failure === null,
        ...(failure !== null ? { detail: failure } : where === '' ? {} : { detail: where }),
      }
    },
  }
}

export const inWords = ({ rtol, atol }: Tolerance): string => `rtol ${rtol}, atol ${atol}`
