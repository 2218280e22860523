import type { SearchView, TrialState } from '../../../../src-shared/contract/calls/search.ts'
import { decimalsOf, metricInfo } from '../../../../src-shared/contract/metrics.ts'
import { optionPath } from '../../../../src-shared/schema/patch.ts'
import { optionName } from '../../../../src-shared/schema/option-names.ts'
import { asTable } from './output.ts'

const OVER: ReadonlySet<TrialState> = new Set(['finished', 'pruned', 'failed', 'diverged'])

/** Whether every trial of a search is over, and at least one came to a value. */
export const isSearchOver = ({ trials, planned, best }: SearchView): boolean =>
  best.length > 0 && trials.length >= planned && trials.every(({ state }) => OVER.has(state))

/** A search as text: its trials, the best, and what the options explain. */
export function searchLines(search: SearchView | null): string[] {
  if (search === null) return []
  const { objectives, options, trials, planned, best, importance, warm } = search
  const names = options.map(({ path }) => optionName(optionPath(path).join('.')))
  const text = (value: unknown): string =>
    value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value)
  const score = (value: number | null, i: number): string =>
    value === null ? '–' : value.toFixed(decimalsOf(metricInfo(objectives[i]!.metric).unit))
  const rows = trials.map(({ number, state, settings, values, epoch, runs }) => [
    `${number}${best.includes(number) ? ' *' : ''}`,
    state === 'pruned' ? `pruned at epoch ${Math.floor(epoch)}` : state,
    ...settings.map(text),
    ...values.map(score),
    String(runs.filter(({ status }) => status === 'finished').length),
  ])
  const over = trials.filter(({ state }) => OVER.has(state)).length
  const more =
    warm.used + warm.leftOut === 0
      ? ''
      : ` ${warm.used} runs from before count as known, ${warm.leftOut} were left out.`
  return [
    '',
    `Search (${search.method}): ${over} of ${planned} trials over; * ${objectives.length > 1 ? 'none is better in both' : 'the best'}.${more}`,
    asTable(
      ['trial', 'state', ...names, ...objectives.map(({ metric }) => metricInfo(metric).label), 'seeds'],
      rows,
    ),
    ...(search.prune === ''
      ? []
      : [`Trials are ended early: ${search.prune}. Their value is the last on validation data.`]),
    ...(importance.options.length === 0
      ? [
          `Importance of the options needs ${importance.needed} trials with a value; there are ${importance.trials}.`,
        ]
      : importance.options.map(
          ({ share, low, high }, i) =>
            `${names[i]!}: explains ${percent(share)} of the variance alone [${percent(low)}, ${percent(high)}].`,
        )),
  ]
}

const percent = (share: number): string => `${Math.round(100 * share)} %`
