import { decimalsOf, metricAbout, metricInfo } from '../../../src-shared/contract/metrics.ts'
import { leavesOutZero, signedText } from '../../../src-shared/contract/answer.ts'
import { isHeadline, orderedScoreKeys } from '../../../src-shared/contract/score-keys.ts'
import type { TextTable } from '../../../src-shared/util/tables-as-text.ts'
import type { Comparison } from '../compare/compare-runs.ts'
import { meansBySeed, seedDifference } from '../compare/seed-difference.ts'
import type { BySeed } from '../compare/seed-difference.ts'

type Group = Comparison['groups'][number]
type GroupScore = Group['metrics'][number]
type Delta = NonNullable<GroupScore['delta']>

/** Settings by one score, the best mean first. */
export interface Standing {
  /** Score with its split, unit and direction. */
  readonly title: string
  readonly table: TextTable
}

/**
 * A table for each of the scores that are asked for first, of runs without a test for those of the validation set. Beside mean,
 * interval and n stands the difference to the baseline, and whether the setting can be told from the one with the best mean: they are a
 * tie where the 95 % interval of their difference over seeds (Student's t, paired where seeds are shared) includes 0, whatever the order
 * of their means, and the question is open where the seeds allow no interval.
 */
export function standings(compared: Comparison, names: ReadonlyMap<string, string>): Standing[] {
  const keys = orderedScoreKeys(compared.metrics.map(({ key }) => key))
  const tested = keys.filter(isHeadline)
  const asked = tested.length > 0 ? tested : keys.filter((key) => /^FinalValidation\w*\/\w+\/eval$/.test(key))
  return asked.map((key) => standing(compared, key, names)).filter(({ table }) => table.rows.length > 0)
}

interface Ranked {
  readonly group: Group
  readonly score: GroupScore
  readonly mean: number
}

function standing(compared: Comparison, key: string, names: ReadonlyMap<string, string>): Standing {
  const { label, unit, goal } = metricInfo(key)
  const sign = goal === 'min' ? 1 : -1
  const ranked = compared.groups
    .flatMap((group): Ranked[] => {
      const score = group.metrics.find((m) => m.key === key)
      return score === undefined || score.mean === null ? [] : [{ group, score, mean: score.mean }]
    })
    .sort((a, b) => sign * (a.mean - b.mean))
  const best = ranked[0]
  const hasBaseline = compared.baseline !== null
  const rows = ranked.map((row) => [
    names.get(row.group.groupId) ?? row.group.name,
    row.score.n,
    numberText(row.mean, unit),
    intervalText(row.score.interval ?? null, unit),
    ...(hasBaseline ? [baselineText(compared, row, unit)] : []),
    row === best || best === undefined ? 'best mean' : besideBest(compared, row, best, unit),
  ])
  const direction = goal === 'min' ? 'less is better' : 'more is better'
  return {
    title: `${label}${unit === '' ? '' : `, ${unit}`}; ${direction}. ${metricAbout(key)}`.trim(),
    table: {
      header: [
        'Setting',
        'n (seeds)',
        'Mean',
        '95 % interval of the mean',
        ...(hasBaseline ? ['Difference to the baseline'] : []),
        'Beside the best',
      ],
      rows,
    },
  }
}

function baselineText({ baseline }: Comparison, { group, score }: Ranked, unit: string): string {
  if (baseline !== null && group.ids.includes(baseline)) return 'baseline'
  return score.delta === null ? '' : deltaText(score.delta, unit)
}

function besideBest(compared: Comparison, own: Ranked, best: Ranked, unit: string): string {
  const delta = seedDifference(bySeed(compared, own), bySeed(compared, best))
  if (delta === null) return ''
  const { low, high } = delta
  const verdict = low === null || high === null ? 'open' : leavesOutZero(low, high) ? 'told apart' : 'tie'
  return `${verdict}: ${deltaText(delta, unit)}`
}

/** One number a seed: repeats of a seed are averaged, they are no further seeds. */
function bySeed({ runs }: Comparison, { group, score }: Ranked): BySeed {
  const seedOf = new Map(runs.map(({ id, seed }) => [id, seed]))
  const all = new Map<number, number[]>()
  for (const [i, value] of (score.values ?? []).entries()) {
    const seed = seedOf.get(group.ids[i] ?? '')
    if (seed !== undefined && value !== null && Number.isFinite(value))
      all.set(seed, [...(all.get(seed) ?? []), value])
  }
  return meansBySeed(all)
}

function deltaText({ mean, low, high, note }: Delta, unit: string): string {
  const interval =
    low === null || high === null ? '' : ` (${signedText(low, unit)} to ${signedText(high, unit)})`
  return `${signedText(mean, unit)}${interval}, ${note}`
}

const numberText = (value: number, unit: string): string =>
  value.toFixed(decimalsOf(unit)).replace('-', '\u2212')

const intervalText = (interval: readonly [number, number] | null, unit: string): string =>
  interval === null
    ? 'none with one seed'
    : `${numberText(interval[0], unit)} to ${numberText(interval[1], unit)}`
