import type { Result } from '../../../../src-shared/contract/contract.ts'
import { settledText, signedText } from '../../../../src-shared/contract/answer.ts'

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

/** Units with a score in both, from the greatest gain to the greatest loss. */
export function pairChanges(pairs: Pairs['pairs']): UnitChange[] {
  return pairs
    .flatMap(({ a, b, session, unit, ceiling, fev }) =>
      a === null || b === null
        ? []
        : [{ key: `${session} ${unit}`, unit, session, a, b, change: b - a, ceiling, fev }],
    )
    .sort((x, y) => y.change - x.change)
}

/**
 * What the pairs say in words. Units of one network are not independent, so their count describes; only the difference over seeds, networks being
 * the sample, is tested.
 */
export function pairsText({ n, aHigher, bHigher, difference }: Pairs, b: string, a: string): string {
  if (n === 0 || difference === null) return 'The two have no unit in common.'
  const equal = n - aHigher - bHigher
  const ties = equal > 0 ? `, ${equal} are equal` : ''
  const counts = `${bHigher} of ${n} units are higher in ${b}, ${aHigher} in ${a}${ties}`
  if (difference.paired && difference.seeds === 1) return `${counts}; one network each: no test.`
  return `${counts}. Mean over units, B − A: ${signedText(difference.mean, '')}${settledText(difference, '')} Tested over seeds (Student’s t), since units of one network are not independent.`
}

/**
 * Share of the ceiling that one of them reaches over all units: the slope of the scores on the ceilings through the origin,
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
