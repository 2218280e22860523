import type { RunSummary } from '../contract/run.ts'
import { endWords } from '../contract/run-end.ts'
import { LIVE } from '../contract/run.ts'
import { SCORE_NAMES, scoreNamed, withMeanCorrupted } from '../contract/score-keys.ts'

/** What a field of a filter stands for. */
export type Value = number | string | boolean | readonly string[] | null

/** Options of configs, which are not part of the list of runs. */
export interface OptionLookup {
  readonly paths: readonly string[]
  value(id: string, path: string): unknown
}
export const NO_OPTIONS: OptionLookup = { paths: [], value: () => null }

const OWN: Readonly<Record<string, (run: RunSummary) => Value>> = {
  name: (r) => r.name,
  id: (r) => r.id,
  note: (r) => r.note,
  tag: (r) => r.tags,
  status: (r) => r.status,
  end: (r) => (r.end === null ? null : endWords(r.end.reason)),
  model: (r) => r.model,
  dataset: (r) => r.dataset,
  trainer: (r) => r.trainer,
  engine: (r) => r.backend,
  seed: (r) => r.seed,
  epoch: (r) => r.epoch,
  seconds: (r) => r.seconds,
  is: (r) => [
    ...(r.star ? ['starred'] : []),
    ...(LIVE.has(r.status) || r.status === 'queued' ? ['active'] : []),
    ...(r.readable ? [] : ['damaged']),
    ...(r.parent === null ? [] : ['child']),
  ],
}
/** Fields that every list of runs has. */
export const OWN_FIELDS: readonly string[] = Object.keys(OWN)

/** `trainer.lr` for `trainer.config.lr`: people leave out what is always there. */
export const shortPath = (path: string): string => path.replace('.config.', '.')

/** The option that a name means: its whole path, the path without `config`, or an ending that only one path has. */
export function optionNamed(name: string, paths: readonly string[]): string | null {
  const wanted = name.toLowerCase()
  const exact = paths.find((p) => p.toLowerCase() === wanted || shortPath(p).toLowerCase() === wanted)
  if (exact !== undefined) return exact
  const ending = paths.filter((p) => p.toLowerCase().endsWith(`.${wanted}`))
  return ending.length === 1 ? (ending[0] ?? null) : null
}

/** How to read a field off a run; null where nothing has this name. */
export function readerOf(
  field: string,
  runs: readonly RunSummary[],
  options: OptionLookup,
): ((run: RunSummary) => Value) | null {
  const own = OWN[field]
  if (own !== undefined) return own
  const path = optionNamed(field, options.paths)
  if (path !== null) return (run) => asValue(options.value(run.id, path))
  const score = (run: RunSummary): number | null =>
    scoreNamed(withMeanCorrupted(run.scores), field) ?? scoreNamed(run.latest, field)
  if (SCORE_NAMES.includes(field) || runs.some((run) => score(run) !== null)) return score
  return null
}

const asValue = (value: unknown): Value =>
  value === null || value === undefined
    ? null
    : typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
      ? value
      : Array.isArray(value)
        ? value.map(String)
        : JSON.stringify(value)
