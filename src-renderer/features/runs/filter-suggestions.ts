import type { OptionPath } from '../../../src-shared/contract/run-answers.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import { SCORE_NAMES } from '../../../src-shared/contract/score-keys.ts'
import { OWN_FIELDS, optionNamed, shortPath } from '../../../src-shared/run-filter/fields.ts'

export interface Suggestion {
  /** What the last word of the filter becomes. */
  readonly insert: string
  readonly note: string
}

const MOST = 10
const WORD = /(?:[^\s"]|"[^"]*"?)*$/

/** How the last word of a filter may go on: fields first, then the values that runs have. */
export function suggestionsFor(
  text: string,
  runs: readonly RunSummary[],
  options: readonly OptionPath[],
): Suggestion[] {
  const word = WORD.exec(text)?.[0] ?? ''
  const [, minus = '', field = '', sign = '', typed = ''] =
    /^(-?)([\w./]*)(<=|>=|!=|<|>|=|:)?(.*)$/.exec(word) ?? []
  if (sign === '') return fields(field, minus, options).slice(0, MOST)
  // Behind a comma begins another value; those before it stay.
  const given = typed.replaceAll('"', '').split(',')
  const begun = (given.pop() ?? '').toLowerCase()
  const start = `${minus}${field}${sign}${given.map((v) => `${quoted(v)},`).join('')}`
  return valuesOf(field.toLowerCase(), runs, options)
    .filter((v) => v.toLowerCase().includes(begun) && !given.includes(v))
    .slice(0, MOST)
    .map((v) => ({ insert: `${start}${quoted(v)} `, note: '' }))
}

const quoted = (value: string): string => (/\s/.test(value) ? `"${value}"` : value)

/** The filter with its last word replaced. */
export const withSuggestion = (text: string, { insert }: Suggestion): string =>
  text.replace(WORD, () => insert)

function fields(typed: string, minus: string, options: readonly OptionPath[]): Suggestion[] {
  if (typed === '') return []
  const wanted = typed.toLowerCase()
  const all = [
    ...OWN_FIELDS.map((name) => ({ name, note: 'of the run', sign: ':' })),
    ...SCORE_NAMES.map((name) => ({ name, note: 'score', sign: '>' })),
    ...options.map(({ path, distinct, samples }) => ({
      name: shortPath(path),
      note: distinct > 1 ? `option, ${distinct} values` : `option, always ${samples[0] ?? ''}`,
      sign: samples.every((s) => Number.isFinite(Number(s))) ? '=' : ':',
    })),
  ]
  // What begins like this comes first, then options in which runs differ.
  const rank = (name: string, note: string): number =>
    (name.toLowerCase().startsWith(wanted) ? 0 : 2) + (note.startsWith('option, always') ? 1 : 0)
  return all
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .map((f, i) => ({ ...f, i }))
    .sort((a, b) => rank(a.name, a.note) - rank(b.name, b.note) || a.i - b.i)
    .map(({ name, note, sign }) => ({ insert: `${minus}${name}${sign}`, note }))
}

function valuesOf(field: string, runs: readonly RunSummary[], options: readonly OptionPath[]): string[] {
  const distinct = (of: (r: RunSummary) => readonly string[]): string[] =>
    [...new Set(runs.flatMap(of))].sort()
  switch (field) {
    case 'tag':
      return distinct((r) => r.tags)
    case 'status':
    case 'model':
    case 'dataset':
    case 'trainer':
      return distinct((r) => [r[field]])
    case 'name':
      return distinct((r) => [r.name])
    case 'seed':
      return distinct((r) => [String(r.seed)])
    case 'is':
      return ['starred', 'active', 'child', 'damaged']
    default: {
      const path = optionNamed(
        field,
        options.map((o) => o.path),
      )
      return [...(options.find((o) => o.path === path)?.samples ?? [])]
    }
  }
}
