import type { Result } from '../../../src-shared/contract/contract.ts'
import { formatNumber } from '../../format/number.ts'

type Pairs = Result<'compare.neurons'>

export interface UnitChange {
  readonly key: string
  readonly unit: string
  readonly session: string
  readonly a: number
  readonly b: number
  readonly change: number
}

/** Units with a score in both runs and a ceiling of at least `least`, from the greatest gain to the greatest loss. */
export function pairChanges(pairs: Pairs['pairs'], least: number): UnitChange[] {
  return pairs
    .flatMap((p) =>
      p.a === null || p.b === null || (least > 0 && (p.ceiling ?? -1) < least)
        ? []
        : [
            {
              key: `${p.session} ${p.unit}`,
              unit: p.unit,
              session: p.session,
              a: p.a,
              b: p.b,
              change: p.b - p.a,
            },
          ],
    )
    .sort((x, y) => y.change - x.change)
}

/** The sign test in words, with the number of units; gains and losses are counted from the pairs themselves. */
export function signTestText(answer: Pairs, b: string, a: string): string {
  if (answer.n === 0) return 'The two runs have no unit in common.'
  const known = answer.pairs.filter((p) => p.a !== null && p.b !== null)
  const gained = known.filter((p) => (p.b ?? 0) > (p.a ?? 0)).length
  const lost = known.filter((p) => (p.b ?? 0) < (p.a ?? 0)).length
  return `Of ${known.length} units ${gained} are better in ${b} and ${lost} in ${a}${pText(answer.pValue)}.`
}

const SMALLEST_P = 0.001

function pText(p: number | null): string {
  if (p === null) return ''
  return p < SMALLEST_P ? `, sign test p < ${SMALLEST_P}` : `, sign test p = ${formatNumber(p, 2)}`
}
