import { dispose, tidy } from '@tensorflow/tfjs-core'
import type { ProofCase, Right } from './base/proof-case.ts'
import type { NumberFormat } from './base/tolerances.ts'
import { TOLERANCES } from './base/tolerances.ts'

/** What an operation did at one shape. */
export interface Verdict {
  readonly kind: 'right' | 'wrong' | 'varies' | 'refused'
  /** Greatest difference to the right value, relative to the greatest right value; null without numbers. */
  readonly error: number | null
  readonly detail: string
}

/** How precisely the device is to compute sums of float32 products: a GPU may shorten their factors to TensorFloat-32. */
export type ProductFormat = Exclude<NumberFormat, 'bfloat16'>

/** Times that an operation is run and compared bit for bit. */
const REPEATS = 10

/** Multiplications spent on right values of one output; where that is not enough for all, places are taken evenly. */
const BUDGET = 40_000
const LEAST_PLACES = 48

/** Runs a case {@link REPEATS} times on the current backend. Throws nothing of what the operation throws. */
export function judgeCase(given: ProofCase, products: ProductFormat, repeats = REPEATS): Verdict {
  return inScope(() => {
    const { run, right, dispose: free } = given.prepare()
    try {
      const first = outputsOf(run)
      const found = compare(first, right, toleranceOf(given, products))
      if (found.kind === 'wrong') return found
      for (let i = 1; i < repeats; i++) {
        const difference = firstDifference(first, outputsOf(run))
        if (difference !== null)
          return { kind: 'varies' as const, error: found.error, detail: `repeat ${i + 1}: ${difference}` }
      }
      return found
    } catch (error) {
      return { kind: 'refused' as const, error: null, detail: firstLine(error) }
    } finally {
      free?.()
    }
  })
}

/** Frees the tensors made in `work`; its result holds none. */
function inScope<T>(work: () => T): T {
  let result: T | undefined
  tidy(() => {
    result = work()
  })
  return result as T // set by the scope, which runs at once
}

function toleranceOf({ format, product }: ProofCase, products: ProductFormat): number {
  if (format === 'bfloat16') return TOLERANCES.bfloat16.sum
  return product ? TOLERANCES[products].sum : TOLERANCES.float32.sum
}

type Values = ReturnType<typeof outputsOf>[number]

function outputsOf(run: () => ReturnType<ReturnType<ProofCase['prepare']>['run']>) {
  const outputs = run()
  const values = outputs.map((t) => t.dataSync().slice())
  dispose(outputs)
  return values
}

function compare(outputs: readonly Values[], right: readonly Right[], tolerance: number): Verdict {
  let worst = 0
  let detail = ''
  for (const [i, expected] of right.entries()) {
    const values = outputs[i] ?? new Float32Array()
    if (values.length !== expected.size)
      return { kind: 'wrong', error: null, detail: `${values.length} values, right are ${expected.size}` }
    const { error, at, value } = greatestError(values, expected)
    if (error <= worst) continue
    worst = error
    detail = `value ${at} of ${expected.size} is ${values[at]}, right is ${value}`
  }
  const isRight = worst <= tolerance
  return { kind: isRight ? 'right' : 'wrong', error: worst, detail: isRight ? '' : detail }
}

function greatestError(values: Values, expected: Right): { error: number; at: number; value: number } {
  const places = placesOf(expected)
  const right = places.map((place) => expected.at(place))
  const scale = right.reduce((most, value) => Math.max(most, Math.abs(value)), expected.terms ?? 0) || 1
  let found = { error: 0, at: 0, value: 0 }
  right.forEach((value, i) => {
    const at = places[i]!
    const difference = Math.abs(values[at]! - value) / scale
    const error = Number.isFinite(difference) ? difference : Number.MAX_VALUE
    if (error > found.error) found = { error, at, value }
  })
  return found
}

/** All places of an output, or as many as the budget allows, spread evenly over it with its ends. */
function placesOf({ size, cost }: Right): number[] {
  const count = Math.min(size, Math.max(LEAST_PLACES, Math.floor(BUDGET / cost)))
  return Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.floor((i * (size - 1)) / (count - 1)),
  )
}

function firstDifference(first: readonly Values[], again: readonly Values[]): string | null {
  for (const [i, before] of first.entries()) {
    const now = again[i]!
    const at = firstDifferentBit(bits(before), bits(now))
    if (at === null) continue
    return `value ${at} was ${before[at]}, now ${now[at]}`
  }
  return null
}

/** The same memory as whole numbers, so that NaN and signed zeros are told apart by their bits. */
const bits = (values: Values): Int32Array | Uint8Array =>
  values instanceof Uint8Array ? values : new Int32Array(values.buffer, values.byteOffset, values.length)

function firstDifferentBit(a: Int32Array | Uint8Array, b: Int32Array | Uint8Array): number | null {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return i
  return null
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 300) ?? ''
