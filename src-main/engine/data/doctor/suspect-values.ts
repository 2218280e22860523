import type { NeuralSession } from '../../types.ts'
import { counted } from '../../../../src-shared/util/counted.ts'
import { type Finding, firstPlaces, nameSome } from './finding.ts'

type Recording = Pick<NeuralSession, 'units' | 'responses'>

/** Numbers that programs write for "not recorded": below zero, and at the end of what a type holds. */
const BELOW = new Set([-1, -9, -99, -999, -9999, -99999, -32768, -2147483648])
const ABOVE = new Set([999, 9999, 99999, 32767, 65535, 2147483647, 4294967295])
/** No response of any kind is as large; float32 writers use 1e20, 1e30 and 9.97e36 for "no data". */
const BEYOND = 1e15
/** How far outside all other values such a number must lie where they may be below zero or large as well. */
const FAR = 5

/** A place in the responses for messages. */
export interface Cell {
  readonly trial: number
  readonly unit: string
  readonly value: number
}

/** The first infinite response; null where there is none. Training on it would make every weight NaN. */
export function firstInfinite({ units, responses }: Recording): Cell | null {
  const at = responses.findIndex((value) => Math.abs(value) === Infinity)
  return at < 0 ? null : cellAt(units, responses, at)
}

const cellAt = (units: readonly string[], responses: Float32Array, at: number): Cell => ({
  trial: Math.floor(at / units.length),
  unit: units[at % units.length] ?? '',
  value: responses[at]!, // at is a place in the responses
})

/** Infinite responses and numbers that look like codes for "not recorded", with how many, where, and the option that mends it. */
export function suspectFindings(session: Recording): Finding[] {
  return [...infiniteFinding(session), ...sentinelFinding(session)]
}

function infiniteFinding(session: Recording): Finding[] {
  const first = firstInfinite(session)
  if (first === null) return []
  const { count, units } = placesOf(session, (value) => Math.abs(value) === Infinity)
  return [
    {
      code: 'infinite-responses',
      severity: 'error',
      message: `${counted(count, 'response is', 'responses are')} infinite, in ${counted(units.length, 'unit', 'units')} (${nameSome(units)}); the first at trial ${first.trial}, unit ${first.unit}.`,
      reason:
        'Infinity is no response and not missing either: losses and weights become NaN. Training is refused.',
      fix: 'Treat them as missing (option missing: ["inf", "-inf"]), or mend the file.',
      missing: ['inf', '-inf'],
      where: { field: 'responses', units: firstPlaces(units) },
    },
  ]
}

function sentinelFinding(session: Recording): Finding[] {
  const values = suspectValues(session)
  if (values.length === 0) return []
  const { count, units } = placesOf(session, (value) => values.includes(value))
  return [
    {
      code: 'suspected-missing',
      severity: 'warning',
      message: `${counted(count, 'response is', 'responses are')} ${values.join(' or ')}, far from all others, in ${counted(units.length, 'unit', 'units')}: ${nameSome(units)}.`,
      reason: 'Such numbers often stand for "not recorded"; as responses they dominate means and losses.',
      fix: `Treat them as missing (option missing: [${values.join(', ')}]), or set this aside if they were measured.`,
      missing: values,
      where: { field: 'responses', units: firstPlaces(units) },
    },
  ]
}

/** Values of the session that look like codes, ascending. */
function suspectValues({ responses }: Recording): number[] {
  const codes = new Set<number>()
  let [low, high] = [Infinity, -Infinity] // of all other values
  for (const value of responses) {
    if (!Number.isFinite(value)) continue
    if (BELOW.has(value) || ABOVE.has(value) || Math.abs(value) >= BEYOND) codes.add(value)
    else {
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  }
  if (low > high) return []
  const reach = Math.max(Math.abs(low), Math.abs(high))
  const isFar = (code: number): boolean =>
    Math.abs(code) >= BEYOND || (code < 0 && low >= 0) || Math.abs(code) > FAR * reach
  return [...codes].filter(isFar).sort((a, b) => a - b)
}

function placesOf(
  { units, responses }: Recording,
  isMeant: (value: number) => boolean,
): { count: number; units: string[] } {
  const concerned = new Set<number>()
  let count = 0
  responses.forEach((value, at) => {
    if (!isMeant(value)) return
    count++
    concerned.add(at % units.length)
  })
  return { count, units: [...concerned].sort((a, b) => a - b).map((unit) => units[unit] ?? '') }
}
