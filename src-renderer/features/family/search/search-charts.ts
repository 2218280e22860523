import type { SearchView, TrialState } from '../../../../src-shared/contract/calls/search.ts'
import { metricInfo } from '../../../../src-shared/contract/metrics.ts'
import { optionName } from '../../../../src-shared/schema/option-names.ts'
import { optionPath } from '../../../../src-shared/schema/patch.ts'
import { formatOption } from '../../../../src-shared/schema/option-value.ts'
import { formatMetric, MISSING } from '../../../format/number.ts'
import type { Series } from '../../../ui/charts/frame/series.ts'
import type { Dot } from '../../../ui/charts/scatter/scatter.ts'

type Trial = SearchView['trials'][number]

const OVER: ReadonlySet<TrialState> = new Set(['finished', 'pruned', 'failed', 'diverged'])
export const isOver = ({ trials, planned }: SearchView): boolean =>
  trials.length >= planned && trials.every(({ state }) => OVER.has(state))

/** What the form calls an option. */
export const wordsOf = (path: string): string => optionName(optionPath(path).join('.'))

/** "Classification accuracy (final, validation set), %". */
export function objectiveTitle({ objectives }: SearchView, place: number): string {
  const { label, unit } = metricInfo(objectives[place]?.metric ?? '')
  return unit === '' ? label : `${label}, ${unit}`
}

export const valueText = ({ objectives }: SearchView, trial: Trial, place: number): string => {
  const value = trial.values[place] ?? null
  return value === null ? MISSING : formatMetric(value, metricInfo(objectives[place]!.metric).unit)
}

export const settingText = (value: unknown): string => (value === null ? MISSING : formatOption(value))

/** "finished", "ended early at epoch 3". */
export const stateText = ({ state, epoch }: Trial): string =>
  state === 'pruned' ? `ended early at epoch ${Math.floor(epoch)}` : state === 'new' ? 'not queued' : state

const METHODS: Readonly<Record<SearchView['method'], string>> = {
  grid: 'Grid: every value with every other.',
  random: 'Random: drawn independently, the same ones for the same seed.',
  sobol: 'Sobol: spread evenly over the space.',
  bayesian: 'Bayesian: each trial where a Gaussian process of those before expects the largest improvement.',
}

/** How trials are chosen and ended, in sentences. */
export function methodText({ method, initial, prune, warm }: SearchView): string {
  const first = method === 'bayesian' ? ` The first ${initial} are spread evenly.` : ''
  const early =
    prune === '' ? '' : ` Ended early: ${prune}. The value of such a trial is its last on validation data.`
  const known = warm.used + warm.leftOut === 0 ? '' : ` ${warm.used} runs from before count as known.`
  const left =
    warm.leftOut === 0
      ? ''
      : ` ${warm.leftOut} with the tag say nothing here: other options or data, or no score.`
  return METHODS[method] + first + early + known + left
}

const scored = ({ trials }: SearchView, place: number): { trial: Trial; value: number }[] =>
  trials.flatMap((trial) => {
    const value = trial.values[place] ?? null
    return value === null ? [] : [{ trial, value }]
  })

/** Each trial and the best of the finished ones so far, by number. */
export function progressSeries(view: SearchView): Series[] {
  const all = scored(view, 0)
  if (all.length === 0) return []
  const better = view.objectives[0]?.direction === 'min' ? Math.min : Math.max
  let best: number | null = null
  const line = all.map(({ trial, value }) => {
    if (trial.state === 'finished') best = best === null ? value : better(best, value)
    return { x: trial.number, y: best }
  })
  return [
    { id: 'best', label: 'Best so far', token: '--c0', dash: [], points: line },
    {
      ...{ id: 'trials', label: 'Each trial', token: '--c1', dash: [2, 4], marker: 'circle' as const },
      points: all.map(({ trial, value }) => ({ x: trial.number, y: value })),
    },
  ]
}

/** Trials by both objectives; those that none beats stand out. */
export const frontDots = (view: SearchView): Dot[] =>
  scored(view, 0).flatMap(({ trial, value }) => {
    const y = trial.values[1] ?? null
    if (y === null) return []
    const isBest = view.best.includes(trial.number)
    return [
      {
        ...{ id: String(trial.number), x: value, y, label: `Trial ${trial.number}` },
        ...{ token: isBest ? '--c0' : '--c7', marker: isBest ? ('triangle' as const) : ('circle' as const) },
      },
    ]
  })

/** The first objective over one option: every trial, and what the process expects with its band. */
export interface SliceChart {
  readonly path: string
  readonly title: string
  readonly dots: readonly Dot[]
  readonly names: readonly string[] | null
  readonly isLog: boolean
}

export function sliceCharts(view: SearchView): SliceChart[] {
  return view.options.map(({ path, kind, log }, option) => {
    const slice = view.slices.find((one) => one.path === path)
    const own = scored(view, 0).filter(({ trial }) => trial.settings[option] !== null)
    const words = [...(slice?.at ?? []), ...own.map(({ trial }) => trial.settings[option])].map(settingText)
    const names = kind === 'choice' ? [...new Set(words)] : null
    const place = (value: unknown): number =>
      names === null ? Number(value) : names.indexOf(settingText(value))
    const expected: Dot[] = (slice?.at ?? []).map((at, i) => ({
      ...{ id: `expected ${i}`, label: 'Expected', token: '--c1', isFaint: true },
      ...{ x: place(at), y: slice!.mean[i]!, yLow: slice!.low[i]!, yHigh: slice!.high[i]! },
    }))
    const trials: Dot[] = own.map(({ trial, value }) => ({
      ...{ id: String(trial.number), label: `Trial ${trial.number}`, token: '--c0' },
      ...{ x: place(trial.settings[option]), y: value },
    }))
    return { path, title: wordsOf(path), dots: [...expected, ...trials], names, isLog: log }
  })
}

/** Shares of the variance with their intervals, one option a row. */
export const importanceDots = ({ importance }: SearchView): Dot[] =>
  importance.options.map(({ path, share, low, high }, i) => ({
    ...{ id: path, label: wordsOf(path), token: '--c0' },
    ...{ x: share, y: i, xLow: low, xHigh: high },
  }))
