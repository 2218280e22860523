import type { Result } from '../../../../src-shared/contract/contract.ts'
import { formatNumber } from '../../../format/number.ts'

type Pairs = Result<'compare.neurons'>

export interface UnitChange {
  readonly key: string
  readonly unit: string
  readonly session: string
  readonly a: number
  readonly b: number
  readonly change: number
  readonly ceiling: number | null
  readonly fev: number | null
}

/** Units with a score in both runs, from the greatest gain to the greatest loss. */
export function pairChanges(pairs: Pairs['pairs']): UnitChange[] {
  return pairs
    .flatMap(({ a, b, session, unit, ceiling, fev }) =>
      a === null || b === null
        ? []
        : [{ key: `${session} ${unit}`, unit, session, a, b, change: b - a, ceiling, fev }],
    )
    .sort((x, y) => y.change - x.change)
}

/** The sign test in words, with the number of units. */
export function signTestText(answer: Pairs, b: string, a: string): string {
  if (answer.n === 0) return 'The two runs have no unit in common.'
  const equal = answer.n - answer.aHigher - answer.bHigher
  const ties = equal > 0 ? `, ${equal} equal` : ''
  return `Of ${answer.n} units ${answer.bHigher} are better in ${b} and ${answer.aHigher} in ${a}${ties}${pText(answer.pValue)}.`
}

const SMALLEST_P = 0.001

function pText(p: number | null): string {
  if (p === null) return ''
  return p < SMALLEST_P ? `, sign test p < ${SMALLEST_P}` : `, sign test p = ${formatNumber(p, 2)}`
}

/**
 * Share of the ceiling that a run reaches over all units: the slope of the scores on the ceilings through the origin,
 * sum(o c) / sum(o^2) ("fraction oracle" of Walker et al. 2019). Null without a ceiling.
 */
export function shareOfCeiling(changes: readonly UnitChange[], run: 'a' | 'b'): number | null {
  let both = 0
  let square = 0
  for (const c of changes) {
    if (c.ceiling === null) continue
    both += c.ceiling * c[run]
    square += c.ceiling ** 2
  }
  return square === 0 ? null : both / square
}
