import type { z } from 'zod'
import type { optionEffects as effectsSchema } from '../../../src-shared/contract/compare-views.ts'
import { metricInfo } from '../../../src-shared/contract/metrics.ts'
import { mean } from '../../engine/eval/measures/moments.ts'
import { meanInterval } from '../../engine/eval/student-intervals.ts'
import type { Comparison } from './compare-runs.ts'
import { meansBySeed, outlookOf } from './seed-difference.ts'

type OptionEffects = z.infer<typeof effectsSchema>
type Effect = OptionEffects['effects'][number]
type Difference = Comparison['differences'][number]

/** What is looked at of a comparison. */
export interface EffectsOf {
  readonly runs: readonly { readonly id: string; readonly seed: number }[]
  readonly differences: readonly Difference[]
  readonly groups: readonly {
    readonly ids: readonly string[]
    readonly metrics: readonly {
      readonly key: string
      readonly values?: readonly (number | null)[] | undefined
    }[]
  }[]
}

/** Chance of a single false "settled" among all comparisons of the answer. */
const ERROR = 0.05

/** Options that divide the settings in the same way: what they do cannot be told apart. */
interface Factor {
  readonly paths: readonly string[]
  /** Value of the first of them by level, and the level of each setting. */
  readonly values: readonly unknown[]
  readonly levels: readonly number[]
}

/** Two levels of a factor, compared where nothing else differs. */
interface Contrast {
  readonly factor: Factor
  readonly from: number
  readonly to: number
  /** Difference (to - from) per seed, the mean over the pairs of settings. */
  readonly differences: readonly number[]
  readonly pairs: number
}

/**
 * Which of the options that differ matters for a score. Two values of an option are compared only between settings in which every other
 * option is equal, seed by seed: trained networks are the sample. Intervals are Student's t over seeds and hold for all comparisons of the
 * answer together (Bonferroni). Of each option the greatest settled difference is given, else the greatest; settled ones come first.
 */
export function optionEffects(c: EffectsOf, key: string): OptionEffects {
  const factors = factorsOf(c)
  const scores = c.groups.map((_, at) => scoresBySeed(c, at, key))
  const contrasts = factors.map((factor) => contrastsOf(factor, factors, scores))
  const comparisons = contrasts.flat().length
  const level = 1 - ERROR / Math.max(1, comparisons)
  const better = metricInfo(key).goal === 'min' ? -1 : 1
  const effects = factors.map((factor, i): Effect => {
    const found = (contrasts[i] ?? []).map((contrast) => effectOf(contrast, level, better))
    return found.sort(strongestFirst)[0] ?? aloneNever(factor)
  })
  return { key, comparisons, effects: effects.sort(strongestFirst) }
}

const isSettled = (e: Effect): boolean => e.delta?.outlook.kind === 'settled'
const strongestFirst = (a: Effect, b: Effect): number =>
  Number(isSettled(b)) - Number(isSettled(a)) || Math.abs(b.delta?.mean ?? -1) - Math.abs(a.delta?.mean ?? -1)

const aloneNever = ({ paths, values }: Factor): Effect => ({
  paths: [...paths],
  from: values[0],
  to: values[1],
  pairs: 0,
  delta: null,
})

/** Names of components first, then what somebody chose: an option that follows from another stands behind it. */
function factorsOf(c: EffectsOf): Factor[] {
  const rank = (d: Difference): number =>
    d.path.endsWith('.fn') ? 0 : d.defaults.some((isUsual, i) => !isUsual && d.absent?.[i] !== true) ? 1 : 2
  const firsts = c.groups.map((g) => c.runs.findIndex(({ id }) => id === g.ids[0]))
  const found = new Map<string, Factor>()
  for (const d of c.differences.toSorted((a, b) => rank(a) - rank(b))) {
    if (d.path === 'seed') continue
    const all = firsts.map((at) => (d.absent?.[at] === true ? undefined : d.values[at]))
    const words = [...new Set(all.map((v) => JSON.stringify(v) ?? ''))]
    const levels = all.map((v) => words.indexOf(JSON.stringify(v) ?? ''))
    if (words.length < 2) continue
    const known = found.get(levels.join())
    const values = words.map((_, level) => all[levels.indexOf(level)])
    found.set(
      levels.join(),
      known ? { ...known, paths: [...known.paths, d.path] } : { paths: [d.path], values, levels },
    )
  }
  return [...found.values()]
}

/** The score of one setting by seed. */
function scoresBySeed(c: EffectsOf, at: number, key: string): ReadonlyMap<number, number> {
  const group = c.groups[at]
  const values = group?.metrics.find((m) => m.key === key)?.values ?? []
  const seeds = new Map<number, number[]>()
  for (const [i, id] of (group?.ids ?? []).entries()) {
    const seed = c.runs.find((run) => run.id === id)?.seed
    const value = values[i]
    if (seed !== undefined && value != null && Number.isFinite(value))
      seeds.set(seed, [...(seeds.get(seed) ?? []), value])
  }
  return meansBySeed(seeds)
}

/** All pairs of levels that some pair of settings with a common seed tells apart. */
function contrastsOf(
  factor: Factor,
  factors: readonly Factor[],
  scores: readonly ReadonlyMap<number, number>[],
): Contrast[] {
  const others = factors.filter((f) => f !== factor)
  const rest = (setting: number): string => others.map(({ levels }) => levels[setting]).join()
  const found = new Map<string, { from: number; to: number; bySeed: Map<number, number[]>; pairs: number }>()
  for (const [a, from] of factor.levels.entries())
    for (const [b, to] of factor.levels.entries()) {
      if (from >= to || rest(a) !== rest(b)) continue
      const shared = [...(scores[a] ?? [])].flatMap(([seed, value]) => {
        const other = scores[b]?.get(seed)
        return other === undefined ? [] : [[seed, other - value] as const]
      })
      if (shared.length === 0) continue
      const at = found.get(`${from} ${to}`) ?? { from, to, bySeed: new Map<number, number[]>(), pairs: 0 }
      for (const [seed, d] of shared) at.bySeed.set(seed, [...(at.bySeed.get(seed) ?? []), d])
      found.set(`${from} ${to}`, { ...at, pairs: at.pairs + 1 })
    }
  return [...found.values()].map(({ from, to, bySeed, pairs }) => ({
    factor,
    from,
    to,
    differences: [...bySeed.values()].map(mean),
    pairs,
  }))
}

/** The contrast in words' order: from the worse value to the better one. */
function effectOf({ factor, from, to, differences, pairs }: Contrast, level: number, better: number): Effect {
  const turned = mean(differences) * better < 0
  const sample = turned ? differences.map((d) => -d) : [...differences]
  const made = meanInterval(sample, level)
  const seeds = sample.length
  const over = seeds === 1 ? 'one seed' : `paired over ${seeds} seeds`
  const interval = made.low !== null || seeds === 1 ? '' : '; all differ by the same amount'
  const none = made.low === null ? ', no interval' : ''
  return {
    paths: [...factor.paths],
    from: factor.values[turned ? to : from],
    to: factor.values[turned ? from : to],
    pairs,
    delta: {
      ...made,
      paired: true,
      seeds,
      note: `${over} in ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of settings${interval}${none}`,
      outlook: outlookOf(made, [sample], level),
    },
  }
}
