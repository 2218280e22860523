import type { z } from 'zod'
import { listed } from '../util/listed.ts'
import { MEAN_CORRUPTED, ROBUSTNESS, TEST_ACCURACY } from './metric-keys.ts'
import { decimalsOf, metricInfo } from './metrics.ts'
import { headlineKeys } from './score-keys.ts'
import type { comparison, optionEffects, seedDelta } from './compare-views.ts'

/** What finished runs say, in words: the one place in which an effect, its interval and what would settle it become a sentence. */

type Delta = z.infer<typeof seedDelta>
type Comparison = z.infer<typeof comparison>
type Verdict = 'better' | 'worse' | 'open'

/** Whether an interval says that there is a difference. */
export const leavesOutZero = (low: number, high: number): boolean => low > 0 || high < 0

/** Whether a difference is settled, and in which direction: without an interval, or without a direction of the score, it never is. */
export function verdictOf(interval: readonly [number, number] | null, goal: 'max' | 'min' | 'none'): Verdict {
  if (interval === null || goal === 'none' || !leavesOutZero(...interval)) return 'open'
  return interval[0] > 0 === (goal === 'max') ? 'better' : 'worse'
}

interface Question {
  /** Key of the score. */
  readonly key: string
  readonly setting: string
  readonly baseline: string
}

/** "Co-trained is 1.8 points more robust than alone, 95 % interval −0.4 to +4.0, paired over 3 seeds: not settled; about 4 more seeds would do." */
export function answerText({ key, setting, baseline }: Question, delta: Delta | null): string {
  if (delta === null) return 'No value to compare.'
  const { label, unit } = metricInfo(key)
  return `${leadOf(key, label, delta.mean, unit, setting, baseline)}${settledText(delta, unit)}`
}

/** What stands behind a difference: ", 95 % interval −0.4 to +4.0, paired over 3 seeds: not settled; about 4 more seeds would do." */
export function settledText({ low, high, note, outlook }: Delta, unit: string): string {
  if (low === null || high === null)
    return ` (${note}): not settled; ${OUTLOOKS[outlook.kind](outlook.more)}.`
  const interval = `, 95 % interval ${signedText(low, unit)} to ${signedText(high, unit)}, ${note}`
  return outlook.kind === 'settled'
    ? `${interval}: settled.`
    : `${interval}: not settled; ${OUTLOOKS[outlook.kind](outlook.more)}.`
}

const moreSeeds = (n: number): string => `${n} more ${n === 1 ? 'seed' : 'seeds'}`

const OUTLOOKS: Readonly<Record<Delta['outlook']['kind'], (more: number | null) => string>> = {
  settled: () => 'no more seeds are needed',
  seeds: (more) => `about ${moreSeeds(more ?? 1)} would do`,
  many: () => 'more than 20 more seeds would be needed',
  'too-small': () => 'the difference seen is so small beside its spread that more seeds will not do',
  'no-spread': (more) =>
    more === null
      ? 'the score is too coarse for these runs'
      : `${moreSeeds(more)} would show how much chance there is in it`,
}

/** Scores with a word of their own; all others are higher or lower. */
const WORDS: Readonly<Record<string, readonly [more: string, less: string]>> = {
  [ROBUSTNESS]: ['more robust', 'less robust'],
  [MEAN_CORRUPTED]: ['more accurate on corrupted images', 'less accurate on corrupted images'],
  ...Object.fromEntries(TEST_ACCURACY.map((key) => [key, ['more accurate', 'less accurate'] as const])),
}

function leadOf(
  key: string,
  label: string,
  effect: number,
  unit: string,
  setting: string,
  baseline: string,
): string {
  // "V1 correlation" keeps its capital.
  const named = /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label
  if (effect === 0) return `${setting} and ${baseline} do not differ in ${named}`
  const words = WORDS[key] ?? [`higher in ${named}`, `lower in ${named}`]
  return `${setting} is ${sizeText(Math.abs(effect), unit)} ${words[effect > 0 ? 0 : 1]} than ${baseline}`
}

const sizeText = (size: number, unit: string): string => {
  const word = unit.startsWith('%') ? ' points' : unit === '' ? '' : ` ${unit}`
  return `${digits(size, unit)}${word}`
}

/** A difference with its sign: +0.8, −1.2. */
export const signedText = (value: number, unit: string): string =>
  `${value > 0 ? '+' : value < 0 ? '\u2212' : ''}${digits(Math.abs(value), unit)}`

const MOST_DECIMALS = 6

/** Percent have one decimal, all else three; more where the number would read as 0 and contradict what is said of it. */
function digits(size: number, unit: string): string {
  let decimals = unit === 's' ? 1 : decimalsOf(unit)
  if (size !== 0) while (decimals < MOST_DECIMALS && Number(size.toFixed(decimals)) === 0) decimals++
  return size.toFixed(decimals)
}

/** What one setting says about one score against the baseline. */
export interface Answer {
  readonly groupId: string
  readonly setting: string
  readonly key: string
  /** Score with its split: "Classification accuracy (test)". */
  readonly label: string
  readonly verdict: Verdict
  readonly delta: Delta
  readonly text: string
}

/** What must stand below several answers: how many are settled, and what their number does to the intervals. */
export const answersCaution = (answers: readonly Answer[]): string =>
  `${answers.filter((a) => a.verdict !== 'open').length} of ${answers.length} settled. The intervals are Student’s t over seeds, not corrected for their number: of 20 at 95 %, about one leaves 0 out by chance. The seeds that would do are a guess from the effect and the spread seen so far.`

/** Scores that an answer is about, the first asked for first. */
const ASKED = ['robustness', 'accuracy', 'corrupted', 'v1', 'v4'] as const

/**
 * The answers of a comparison over seeds, the most asked for first: score by score, then setting by setting. Scores that a setting or its baseline
 * lacks have none. `names` are what settings are called here, where that is not the name of their runs.
 */
export function answersOf(c: Comparison, names: ReadonlyMap<string, string> = new Map()): Answer[] {
  const base = c.groups.find((g) => c.baseline !== null && g.ids.includes(c.baseline))
  if (base === undefined) return []
  const nameOf = (g: Comparison['groups'][number]): string => names.get(g.groupId) ?? g.name
  return ASKED.flatMap((name) => headlineKeys(name)).flatMap((key) =>
    c.groups.flatMap((g) => {
      const delta = g.metrics.find((m) => m.key === key)?.delta ?? null
      if (delta === null) return []
      const { label, goal } = metricInfo(key)
      const interval = delta.low === null || delta.high === null ? null : ([delta.low, delta.high] as const)
      const setting = nameOf(g)
      const text = answerText({ key, setting, baseline: nameOf(base) }, delta)
      return [{ groupId: g.groupId, setting, key, label, verdict: verdictOf(interval, goal), delta, text }]
    }),
  )
}

/** What one option does to a score, in words. */
export interface OptionAnswer {
  readonly name: string
  readonly verdict: 'matters' | 'open' | 'never alone'
  readonly text: string
}

/** Names of an option and of its two values, as a person reads them. */
export interface OptionWords {
  readonly name: string
  readonly from: string
  readonly to: string
}

/** "Learning rate: 0.005 is 4.8 points more accurate than 0.001, 95 % interval +3.1 to +6.5, paired over 5 seeds in 2 pairs of settings: settled." */
export function optionAnswer(
  key: string,
  { paths, delta }: z.infer<typeof optionEffects>['effects'][number],
  { name, from, to }: OptionWords,
): OptionAnswer {
  const others = paths.length - 1
  const along =
    others === 0 ? '' : ` (with ${others} more ${others === 1 ? 'option' : 'options'} that changed with it)`
  const lead = `${name}${along}`
  if (delta === null)
    return {
      name,
      verdict: 'never alone',
      text: `${lead}: no two settings with a common seed differ in it alone, so what it does cannot be told.`,
    }
  const verdict = delta.outlook.kind === 'settled' ? 'matters' : 'open'
  return { name, verdict, text: `${lead}: ${answerText({ key, setting: to, baseline: from }, delta)}` }
}

/** "Of 2 options, learning rate matters for classification accuracy (test)." */
export function optionsSentence(key: string, answers: readonly OptionAnswer[]): string {
  const { label } = metricInfo(key)
  const matter = answers.filter(({ verdict }) => verdict === 'matters').map(({ name }) => name)
  const of = answers.length === 1 ? '' : `Of ${answers.length} options, `
  if (matter.length > 0)
    return `${of}${listed(matter)} ${matter.length === 1 ? 'matters' : 'matter'} for ${label}.`
  if (answers.every(({ verdict }) => verdict === 'never alone'))
    return `Which option matters for ${label} cannot be told: none of them changes alone.`
  return answers.length === 1
    ? `It is not settled that ${answers[0]?.name ?? ''} matters for ${label}.`
    : `${of}none is settled to matter for ${label}.`
}
