import {
  MEAN_CORRUPTED,
  MEAN_CORRUPTION_ERROR,
  ROBUSTNESS,
  SECONDS,
  TEST_ACCURACY,
  metricKey,
} from './metric-keys.ts'
import { metricAbout, metricInfo } from './metrics.ts'
import { AREAS } from '../schema/names.ts'

export type Scores = Readonly<Record<string, number | null>>

interface Headline {
  /** Name in searches: `accuracy>95`. */
  readonly name: string
  readonly short: string
  /** A run has one of these. */
  readonly keys: readonly string[]
}

/** The scores asked for first, in this order. Noise "as in training" is the plain test of sets that test under noise as well. */
const HEADLINES: readonly Headline[] = [
  { name: 'accuracy', short: 'Accuracy', keys: TEST_ACCURACY },
  { name: 'v1', short: 'V1 corr.', keys: [metricKey('FinalTest', 'v1', 'eval')] },
  { name: 'v1_ceiling', short: 'V1 of ceiling', keys: [metricKey('FinalTest', 'v1', 'ceiling_fraction')] },
  { name: 'v4', short: 'V4 corr.', keys: [metricKey('FinalTest', 'v4', 'eval')] },
  { name: 'v4_ceiling', short: 'V4 of ceiling', keys: [metricKey('FinalTest', 'v4', 'ceiling_fraction')] },
  { name: 'corrupted', short: 'Corrupted acc.', keys: [MEAN_CORRUPTED] },
  { name: 'robustness', short: 'Robustness', keys: [ROBUSTNESS] },
  { name: 'mce', short: 'mCE', keys: [MEAN_CORRUPTION_ERROR] },
]
/** Names of the headline scores in searches. */
export const SCORE_NAMES: readonly string[] = HEADLINES.map((h) => h.name)

/** Keys of the headline score that people call by this name. */
export const headlineKeys = (name: string): readonly string[] =>
  HEADLINES.find((h) => h.name === name)?.keys ?? []

/** Starts of keys. Tables of thousands of runs ask for every score. */
const CORRUPTED = ['c_test ', 'fly_c_test ', 'imagenet_fly_c_test ']

/** One corruption at one severity; there are dozens, and the robustness view shows them as a table. */
export const isCorruptionKey = (key: string): boolean => CORRUPTED.some((start) => key.startsWith(start))

export const isHeadline = (key: string): boolean => HEADLINES.some((h) => h.keys.includes(key))

/** Validation scores of areas that some run has and has not tested: all that is known of them, named as such. */
export function untestedAreas(runs: readonly { readonly scores: Scores }[]): string[] {
  const isKnown = (scores: Scores, key: string): boolean => (scores[key] ?? null) !== null
  return AREAS.filter((area) =>
    runs.some(
      ({ scores }) =>
        isKnown(scores, metricKey('FinalValidation', area, 'eval')) &&
        !isKnown(scores, metricKey('FinalTest', area, 'eval')),
    ),
  ).map((area) => metricKey('FinalValidation', area, 'eval'))
}

/** Headlines first, then other test scores, then the rest. */
function rank(key: string): number {
  const at = HEADLINES.findIndex((h) => h.keys.includes(key))
  if (at >= 0) return at
  return HEADLINES.length + (key.startsWith('FinalTest') ? 0 : key.startsWith('FinalValidation') ? 1 : 2)
}

/** Final scores in the order in which they are asked for, corruptions one by one left out. */
export const orderedScoreKeys = (keys: Iterable<string>): string[] =>
  [...new Set(keys)]
    .filter((key) => !isCorruptionKey(key) && key !== SECONDS)
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))

const isSingle = (key: string): boolean => key.endsWith('/eval') && isCorruptionKey(key)

const withMeans = new WeakMap<Scores, Scores>()

/** Scores with the mean over corruptions, where the run has only the single ones. Tables ask often, so answers are kept. */
export function withMeanCorrupted(scores: Scores): Scores {
  const known = withMeans.get(scores)
  if (known !== undefined) return known
  const single =
    MEAN_CORRUPTED in scores ? [] : Object.keys(scores).filter((key) => isSingle(key) && scores[key] !== null)
  const mean = single.reduce((sum, key) => sum + (scores[key] ?? 0), 0) / single.length
  const out = single.length === 0 ? scores : { ...scores, [MEAN_CORRUPTED]: mean }
  withMeans.set(scores, out)
  return out
}

/** The score that people call by this name; null where the run has none. */
export function scoreNamed(scores: Scores, name: string): number | null {
  const headline = HEADLINES.find((h) => h.name === name)
  const key = Object.keys(scores).find((k) =>
    headline === undefined ? k.toLowerCase() === name : headline.keys.includes(k),
  )
  return key === undefined ? null : (scores[key] ?? null)
}

const SHORTER: readonly (readonly [RegExp, string])[] = [
  [/ \(test(, noise as in training)?\)$/, ''],
  [/ \(final, validation set(, noise as in training)?\)$/, ' (validation)'],
  [/, noise as in training\)$/, ')'],
  [/^Classification /, ''],
  [/single-trial correlation/, 'corr.'],
  [/correlation to average, ceiling above 0\.5/, 'corr. to avg., reliable'],
  [/correlation to average/, 'corr. to avg.'],
]

/** What a heading that was shortened leaves out: name, split, unit, direction and definition of the score. */
export function scoreHelp(key: string): string {
  const { label, unit, goal } = metricInfo(key)
  const direction = goal === 'none' ? '' : goal === 'max' ? '; more is better' : '; less is better'
  return `${label}${unit === '' ? '' : `, ${unit}`}${direction}. ${metricAbout(key)}`.trim()
}

/** A heading that fits a column; the full label belongs into its title. */
export function shortScoreLabel(key: string): string {
  const headline = HEADLINES.find((h) => h.keys.includes(key))
  return (
    headline?.short ?? SHORTER.reduce((text, [from, to]) => text.replace(from, to), metricInfo(key).label)
  )
}
