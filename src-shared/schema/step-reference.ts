import { z } from 'zod'
import type { Problem } from '../contract/errors.ts'
import { md5Hex } from '../util/md5.ts'
import { canonicalJson } from './canonical.ts'
import type { PlainConfig } from './component.ts'
import { problemsOf } from './problem-words.ts'
import { isMap } from './resolve.ts'

/**
 * `{ from: { step: v1-model, use: predictions } }` in a config: the result of another step, where the id of a run stands otherwise.
 * Without `use` it is what the place takes: responses for a data set, weights for a parent.
 */
const referenceSchema = z.strictObject({
  step: z.string().min(1),
  /** `best-of-seeds`: what the place takes, of the run with the best validation score. */
  use: z.enum(['weights', 'training', 'predictions', 'layer', 'best-of-seeds']).optional(),
  /** The run of the same seed unless said otherwise; `best`: the one with the best validation score. */
  seed: z.union([z.enum(['same', 'best']), z.number().int().min(0)]).optional(),
  /** Which of the step's settings, by label; needed where it makes several. */
  variant: z.string().optional(),
})
type Reference = z.output<typeof referenceSchema>

/** A run of a step that a config builds on. Its place in the config is held by `id` until the run's own id is known. */
export interface Need {
  readonly id: string
  readonly step: string
  readonly label: string
  /** `best`: of all its seeds the one with the best validation score. */
  readonly seed: number | 'best'
}

/** What is known of a run of another step: enough to be referred to. */
export interface StepRun {
  readonly label: string
  readonly also: readonly string[]
  readonly config: { readonly seed: number }
}

/** A config whose references are replaced by ids that hold the places. */
export interface Referring {
  readonly config: PlainConfig
  readonly needs: readonly Need[]
  readonly problems: readonly Problem[]
}

/** A map whose one key is `from`, with a map: no option of a config is written so. */
const referenceAt = (value: unknown): PlainConfig | null => {
  if (!isMap(value) || Object.keys(value).length !== 1) return null
  const { from } = value
  return isMap(from) ? from : null
}

/** The names of all steps that something written refers to, as written, with where. */
export function stepsNamed(
  at: unknown,
  path = '',
): readonly { readonly step: string; readonly path: string }[] {
  const reference = referenceAt(at)
  if (reference !== null) {
    const { step } = reference
    return typeof step === 'string' ? [{ step, path: `${path}.from.step` }] : []
  }
  if (at === null || typeof at !== 'object') return []
  return Object.entries(at).flatMap(([key, inner]) => stepsNamed(inner, path === '' ? key : `${path}.${key}`))
}

/** Replaces the references of a config of this seed. `runsOf` gives the runs of a step. */
export function withReferences(
  given: PlainConfig,
  seed: number,
  runsOf: (step: string) => readonly StepRun[],
): Referring {
  const needs = new Map<string, Need>()
  const problems: Problem[] = []
  const walk = (at: unknown, path: readonly string[]): unknown => {
    const reference = referenceAt(at)
    if (reference !== null) return replaced(reference, path)
    if (Array.isArray(at)) return at.map((inner, i) => walk(inner, [...path, String(i)]))
    if (!isMap(at)) return at
    return Object.fromEntries(Object.entries(at).map(([key, inner]) => [key, walk(inner, [...path, key])]))
  }
  const replaced = (from: PlainConfig, path: readonly string[]): unknown => {
    const where = `${path.join('.')}.from`
    const parsed = referenceSchema.safeParse(from)
    if (!parsed.success) {
      problems.push(...problemsOf(parsed.error, referenceSchema, from, where))
      return null
    }
    const need = needOf(parsed.data, seed, runsOf(parsed.data.step), where)
    const value = 'id' in need ? placed(parsed.data, need.id, path, where) : need
    if (isProblem(value)) {
      problems.push(value)
      return null
    }
    if ('id' in need) needs.set(need.id, need)
    return value
  }
  const config = walk(given, []) as PlainConfig // the same keys as what was given
  return { config, needs: [...needs.values()], problems }
}

const isProblem = (value: unknown): value is Problem => isMap(value) && 'message' in value

/** Which run a reference means, or why that cannot be said. */
function needOf(
  { step, use, seed: wanted, variant }: Reference,
  seed: number,
  runs: readonly StepRun[],
  path: string,
): Need | Problem {
  const labels = [...new Set(runs.map(({ label }) => label))]
  const [only = ''] = labels
  if (variant === undefined && labels.length > 1)
    return problem(
      `${path}.variant`,
      `the step "${step}" makes ${labels.length} settings, and which is meant is not said.`,
      `Add variant: one of ${quoted(labels)}.`,
    )
  const label = variant ?? only
  const own = runs.filter((run) => [run.label, ...run.also].includes(label))
  const first = own[0]
  if (first === undefined)
    return problem(
      `${path}.variant`,
      `the step "${step}" makes no setting "${label}".`,
      `Use one of ${quoted(labels)}.`,
    )
  const which = use === 'best-of-seeds' ? 'best' : (wanted ?? (own.length === 1 ? first.config.seed : 'same'))
  const chosen = which === 'same' ? seed : which
  if (chosen !== 'best' && !own.some((run) => run.config.seed === chosen))
    return problem(
      `${path}.seed`,
      `the step "${step}" has no run of seed ${chosen}.`,
      `Use seed: best, one of its seeds (${own.map((run) => run.config.seed).join(', ')}), or add this one to its seeds.`,
    )
  const what = { step, label: first.label, seed: chosen }
  return { ...what, id: md5Hex(canonicalJson(what)) }
}

/** What stands in the place of a reference, or why this place cannot take it. */
function placed({ use }: Reference, id: string, path: readonly string[], where: string): unknown {
  const [top, next] = path
  const free = use === undefined || use === 'best-of-seeds'
  if (top === 'parent' && path.length === 1) {
    if (use === 'layer')
      return problem(
        `${where}.use`,
        'a parent gives weights or data, no layer.',
        'Use weights or predictions.',
      )
    return { run: id, use: free ? 'weights' : use === 'predictions' ? 'data' : use }
  }
  if (top === 'parent' && next === 'run' && path.length === 2) {
    if (free) return id
    return problem(`${where}.use`, 'parent.use says this.', 'Take it away here.')
  }
  if (top === 'dataset' && path.at(-1) === 'dataset') {
    if (use === 'weights' || use === 'training')
      return problem(
        `${where}.use`,
        `a data set is made of predictions or of a layer, not of ${use}.`,
        'Use predictions or layer.',
      )
    return `${use === 'layer' ? 'oracle' : 'predicted'}:${id}`
  }
  return problem(
    where,
    'a step cannot stand here.',
    'It can be a data set of responses (dataset: {from: …}) or the parent.',
  )
}

const quoted = (labels: readonly string[]): string =>
  labels.map((label) => (label === '' ? 'the baseline (variant: "")' : `"${label}"`)).join(', ')

const problem = (path: string, message: string, hint: string): Problem => ({
  code: 'config-invalid',
  path,
  message,
  hint,
})

/** Puts the ids of runs in the places that a config holds for them. */
export function withRuns<T>(config: T, ids: ReadonlyMap<string, string>): T {
  if (ids.size === 0) return config
  const walk = (at: unknown): unknown => {
    if (typeof at === 'string') return [...ids].reduce((text, [held, id]) => text.replaceAll(held, id), at)
    if (Array.isArray(at)) return at.map(walk)
    if (!isMap(at)) return at
    return Object.fromEntries(Object.entries(at).map(([key, inner]) => [key, walk(inner)]))
  }
  return walk(config) as T // the same shape with other texts
}

/** The runs of which a config names results: what it says beside its options, which leave the names of data out. */
export function runsNamed(config: unknown): readonly string[] {
  if (typeof config === 'string') return /^(predicted|oracle):[0-9a-f]{4,64}$/.test(config) ? [config] : []
  if (config === null || typeof config !== 'object') return []
  return Object.values(config).flatMap(runsNamed)
}
